"""What the launcher says, in the four languages. It speaks before gettext's catalogues are there."""

import os
import sys
from collections.abc import Mapping

LANGUAGES = ("en", "fr", "es", "ar")
WORDS: dict[str, dict[str, str]] = {
    "first-start": {
        "en": "First start: Amparo makes its own Python environment in {folder}. Nothing else on this machine changes.",
        "fr": "Premier démarrage : Amparo crée son environnement Python dans {folder}. Rien d'autre ne change sur cette machine.",
        "es": "Primer inicio: Amparo crea su propio entorno de Python en {folder}. Nada más cambia en esta máquina.",
        "ar": "التشغيل الأول: يُنشئ Amparo بيئة Python الخاصة به في {folder}. لا يتغيّر شيء آخر في هذا الجهاز.",
    },
    "changed": {
        "en": "The list of packages or Python itself has changed: the environment in {folder} is made anew.",
        "fr": "La liste des paquets ou Python a changé : l'environnement dans {folder} est refait.",
        "es": "La lista de paquetes o Python ha cambiado: el entorno en {folder} se hace de nuevo.",
        "ar": "تغيّرت قائمة الحزم أو Python: يُعاد إنشاء البيئة في {folder}.",
    },
    "adding-checks": {
        "en": "The packages for tests and checks are added to {folder}.",
        "fr": "Les paquets des tests et contrôles sont ajoutés à {folder}.",
        "es": "Los paquetes para pruebas y controles se añaden a {folder}.",
        "ar": "تُضاف حزم الاختبارات والفحوص إلى {folder}.",
    },
    "step-environment": {
        "en": "[1/2] Empty environment, Python {version}",
        "fr": "[1/2] Environnement vide, Python {version}",
        "es": "[1/2] Entorno vacío, Python {version}",
        "ar": "[1/2] بيئة فارغة، Python {version}",
    },
    "step-packages": {
        "en": "[2/2] {total} packages, each checked against its hash",
        "fr": "[2/2] {total} paquets, chacun vérifié par son empreinte",
        "es": "[2/2] {total} paquetes, cada uno verificado con su huella",
        "ar": "[2/2] {total} حزمة، تُفحص كلٌّ منها ببصمتها",
    },
    "fetching": {
        "en": "fetching {number} of {total}: {name}",
        "fr": "récupération {number} sur {total} : {name}",
        "es": "descargando {number} de {total}: {name}",
        "ar": "جلب {number} من {total}: {name}",
    },
    "unpacking": {
        "en": "unpacking {total} packages",
        "fr": "décompression de {total} paquets",
        "es": "desempaquetando {total} paquetes",
        "ar": "فكّ {total} حزمة",
    },
    "ready": {
        "en": "Ready after {seconds} s.",
        "fr": "Prêt après {seconds} s.",
        "es": "Listo tras {seconds} s.",
        "ar": "جاهز بعد {seconds} ث.",
    },
    "waiting": {
        "en": "Another start is making the environment; waiting for it.",
        "fr": "Un autre démarrage crée l'environnement ; on l'attend.",
        "es": "Otro inicio está creando el entorno; se espera a que termine.",
        "ar": "تشغيل آخر يُنشئ البيئة؛ الانتظار حتى ينتهي.",
    },
    "interrupted": {
        "en": "Stopped before the environment was complete. The next start makes it anew.",
        "fr": "Arrêté avant que l'environnement soit complet. Le prochain démarrage le refera.",
        "es": "Detenido antes de completar el entorno. El próximo inicio lo hará de nuevo.",
        "ar": "أُوقف قبل اكتمال البيئة. سيُعيد التشغيل القادم إنشاءها.",
    },
    "no-network": {
        "en": "The packages could not be fetched: {reason}\n"
        "The first start needs the network, or a place with packages that pip is set up for.\n"
        "Check the connection, the proxy (HTTPS_PROXY) and `python3 -m pip config list`, then start again.",
        "fr": "Les paquets n'ont pas pu être récupérés : {reason}\n"
        "Le premier démarrage a besoin du réseau, ou d'un dépôt de paquets pour lequel pip est configuré.\n"
        "Vérifiez la connexion, le proxy (HTTPS_PROXY) et `python3 -m pip config list`, puis redémarrez.",
        "es": "No se pudieron descargar los paquetes: {reason}\n"
        "El primer inicio necesita la red, o un lugar con paquetes para el que pip esté configurado.\n"
        "Compruebe la conexión, el proxy (HTTPS_PROXY) y `python3 -m pip config list`, y vuelva a iniciar.",
        "ar": "تعذّر جلب الحزم: {reason}\n"
        "يحتاج التشغيل الأول إلى الشبكة، أو إلى مكان حزم أُعدّ له pip.\n"
        "تحقّق من الاتصال والوكيل (HTTPS_PROXY) و`python3 -m pip config list`، ثم شغّل من جديد.",
    },
    "wrong-hash": {
        "en": "A package is not the one that was checked: {reason}\n"
        "It was not installed. Don't go on before you know why: ask whoever runs the place your packages come from.",
        "fr": "Un paquet n'est pas celui qui a été vérifié : {reason}\n"
        "Il n'a pas été installé. Ne continuez pas avant de savoir pourquoi : demandez à qui gère votre dépôt de paquets.",
        "es": "Un paquete no es el que se verificó: {reason}\n"
        "No se instaló. No siga sin saber por qué: pregunte a quien administra el lugar de donde vienen sus paquetes.",
        "ar": "حزمة ليست هي التي فُحصت: {reason}\nلم تُثبَّت. لا تُكمل قبل أن تعرف السبب: اسأل من يدير مصدر حزمك.",
    },
    "no-venv": {
        "en": "This Python cannot make environments: its module venv (with ensurepip) is missing. On Debian and Ubuntu:\n"
        "    sudo apt-get install {package}",
        "fr": "Ce Python ne peut pas créer d'environnements : son module venv (avec ensurepip) manque. Sous Debian et Ubuntu :\n"
        "    sudo apt-get install {package}",
        "es": "Este Python no puede crear entornos: le falta el módulo venv (con ensurepip). En Debian y Ubuntu:\n"
        "    sudo apt-get install {package}",
        "ar": "لا يستطيع هذا الـPython إنشاء بيئات: وحدة venv (مع ensurepip) غير موجودة. على Debian وUbuntu:\n"
        "    sudo apt-get install {package}",
    },
    "no-space": {
        "en": "There is not enough room: {folder} has {free} MB left, the environment needs about {needed} MB.",
        "fr": "Il n'y a pas assez de place : il reste {free} Mo dans {folder}, l'environnement a besoin d'environ {needed} Mo.",
        "es": "No hay espacio suficiente: en {folder} quedan {free} MB y el entorno necesita unos {needed} MB.",
        "ar": "لا توجد مساحة كافية: بقي في {folder} ‏{free} م.ب، وتحتاج البيئة إلى نحو {needed} م.ب.",
    },
    "read-only": {
        "en": "Amparo cannot write to {folder}, where it makes its environment. Copy the whole folder to where you may write.",
        "fr": "Amparo ne peut pas écrire dans {folder}, où il crée son environnement. Copiez le dossier là où vous pouvez écrire.",
        "es": "Amparo no puede escribir en {folder}, donde crea su entorno. Copie la carpeta entera donde pueda escribir.",
        "ar": "لا يستطيع Amparo الكتابة في {folder} حيث يُنشئ بيئته. انسخ المجلد كله إلى مكان يمكنك الكتابة فيه.",
    },
    "not-here": {
        "en": "Amparo runs on Linux and macOS. On Windows, use the Windows Subsystem for Linux (WSL).",
        "fr": "Amparo fonctionne sous Linux et macOS. Sous Windows, utilisez le sous-système Windows pour Linux (WSL).",
        "es": "Amparo funciona en Linux y macOS. En Windows, use el subsistema de Windows para Linux (WSL).",
        "ar": "يعمل Amparo على Linux وmacOS. على Windows استخدم نظام Windows الفرعي لـLinux ‏(WSL).",
    },
    "failed": {
        "en": "The environment could not be made. The last words were:\n{reason}",
        "fr": "L'environnement n'a pas pu être créé. Les derniers mots étaient :\n{reason}",
        "es": "No se pudo crear el entorno. Las últimas palabras fueron:\n{reason}",
        "ar": "تعذّر إنشاء البيئة. كانت آخر الكلمات:\n{reason}",
    },
}


def language(variables: Mapping[str, str]) -> str:
    """The language that LC_ALL, LC_MESSAGES or LANG asks for; English where it is none of the four."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if variables.get(name):
            code = variables[name][:2]
            return code if code in LANGUAGES else "en"
    return "en"


def words(code: str, **details: object) -> str:
    """The message `code` in the language of this process, with its details filled in."""
    return WORDS[code][language(os.environ)].format(**details)


def say(text: str, *, end: str = "\n") -> None:
    """Write `text` to standard error, in UTF-8 whatever the locale says."""
    sys.stderr.flush()
    sys.stderr.buffer.write((text + end).encode())
    sys.stderr.buffer.flush()
