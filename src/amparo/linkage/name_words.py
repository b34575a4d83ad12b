"""Words of names that are no part of a person's name, as `vault.blind_index.name_tokens` writes them. Pure."""

_TITLES = """
mr mrs ms miss dr dra prof sir madam mme mlle maitre me sr sra srta don dona lic ing abg rev fr sister brother
sheikh cheikh hajj hadj sayyid
السيد السيده الدكتور دكتور الشيخ شيخ الاستاذ استاذ الحاج
"""
_PARTICLES = """
al el ul il as ash ar an de la las los le les del da do dos das du di van von y e bin ibn bint ould
ال بن ابن بنت ولد و
"""
# A line each, as whole names that say that there is none.
_NOBODY = """
nn
nomen nescio
unknown
unnamed
unidentified
anonymous
anon
not known
no name
name unknown
name withheld
withheld
not identified
john doe
jane doe
not available
not applicable
none
null
nan
na
tbd
tbc
unknown man
unknown woman
unknown person
unknown male
unknown female
unidentified man
unidentified woman
unidentified person
unidentified male
unidentified female
inconnu
inconnue
sans nom
anonyme
non identifie
non identifiee
nom inconnu
non connu
pas de nom
desconocido
desconocida
sin nombre
sin identificar
no identificado
no identificada
anonimo
anonima
por identificar
por establecer
nombre desconocido
sin informacion
sin dato
sin datos
no registra
ningun nombre
nombre reservado
identidad reservada
persona no identificada
hombre no identificado
mujer no identificada
مجهول
مجهوله
مجهول الهويه
مجهوله الهويه
مجهول الاسم
غير معروف
غير معروفه
غير محدد
غير مذكور
بدون اسم
بلا اسم
لا يوجد
"""
# A part that says that a body is named and no person.
_BODIES = """
association asociacion associacao fundacion foundation fondation comision commission comite committee consejo
sindicato syndicat corporacion corporation organizacion organisation organization ong ngo comunidad communaute
community resguardo ministerio ministry ministere policia police ejercito army defensoria ombudsman institut
institute instituto institution institucion junta federacion federation ligue collectif colectivo collective
cooperativa cooperative partido university universidad universite newspaper coalition coalicion
جمعيه مؤسسه لجنه منظمه هيئه مجلس نقابه اتحاد حزب شركه وزاره جامعه
الجمعيه المؤسسه اللجنه المنظمه الهيئه المجلس
"""

TITLES = frozenset(_TITLES.split())
PARTICLES = frozenset(_PARTICLES.split())
NOBODY = frozenset(frozenset(line.split()) for line in _NOBODY.splitlines() if line)
BODIES = frozenset(_BODIES.split())
