"""The README of a package, in four languages: how anybody verifies it without Amparo. Pure."""

_COMMANDS = """
    sha256sum -c manifest-sha256.txt
    sha256sum -c tagmanifest-sha256.txt
    openssl ts -verify -data data/stamps/0001-1.txt -in data/stamps/0001-1.tsr -CAfile data/stamps/authority.pem
    ./amparo verify-package FILE.zip
"""

README = f"""CONFIDENTIAL / CONFIDENTIEL / CONFIDENCIAL / سري

[English] A case with its evidence. Unpack it, open a terminal in the folder, and run these lines. The first two say
whether any file was changed or is missing; the third whether a time-stamp authority signed the statement about a file
(put in its number; take the authority's certificate from the authority itself); the last, with Amparo, does all of it
and finds files that were added.
{_COMMANDS}
data/case.html and case.json: the case. data/files: the evidence, by number. data/evidence.json: what each is, and what
was left out. data/custody.csv: who had it in hand; the code of an entry is the SHA-256 of the lines "amparo/custody/1",
piece, number, hour, person, action, both hashes, facts, details, previous ("-" where there is nothing), each ended by a
line feed. data/stamps: a statement holds a random salt and the SHA-256 of the original file.

[Français] Un dossier et ses preuves. Décompressez, ouvrez un terminal dans le répertoire et lancez les lignes
ci-dessus. Les deux premières disent si un fichier a été modifié ou manque ; la troisième, si une autorité
d’horodatage a signé la déclaration sur un fichier (mettez son numéro ; demandez le certificat à l’autorité
elle-même) ; la dernière, avec Amparo, fait tout cela et trouve aussi les fichiers ajoutés.

[Español] Un caso con sus pruebas. Descomprímalo, abra una terminal en la carpeta y ejecute las líneas de arriba.
Las dos primeras dicen si algún archivo se modificó o falta; la tercera, si una autoridad de sellado de tiempo firmó la
declaración sobre un archivo (ponga su número; pida el certificado a la propia autoridad); la última, con Amparo, hace
todo ello y encuentra también los archivos añadidos.

[العربية] قضية مع أدلتها. فكّوا الضغط وافتحوا نافذة أوامر في المجلد وشغّلوا الأسطر أعلاه. يبيّن السطران الأولان هل غُيّر ملف
أو فُقد، ويبيّن الثالث هل وقّعت سلطة الختم الزمني البيان الخاص بالملف (ضعوا رقمه، واطلبوا الشهادة من السلطة نفسها)، أما
الأخير فيقوم مع Amparo بذلك كله ويجد أيضاً الملفات المضافة.
"""
