"""Made names in Arabic and Latin letters: parts that are common in many countries, put together by chance.

Each line has a part in Arabic, then spellings as passports and newspapers of different countries write them. Nobody is
meant by any of the names that come of it.
"""

import random
from dataclasses import dataclass

_MEN = """
محمد Mohamed Mohammed Muhammad Mohammad Mouhamed
أحمد Ahmed Ahmad Ahmet
محمود Mahmoud Mahmud Mahmood
علي Ali Aly
حسن Hassan Hasan Hacene
حسين Hussein Hossein Houcine Husain
خالد Khaled Khalid
يوسف Youssef Yusuf Yousef Youcef
إبراهيم Ibrahim Brahim Ebrahim
عمر Omar Umar Omer
سعيد Said Saeed Saïd
مصطفى Mustafa Moustafa Mostafa Mustapha
كريم Karim Kareem
طارق Tarek Tariq Tarik
جمال Jamal Gamal Djamel
رشيد Rashid Rachid Rasheed
عبد_الرحمن Abdelrahman Abdul_Rahman Abderrahmane Abd_al-Rahman
عبد_الله Abdullah Abdallah Abdalla
عبد_القادر Abdelkader Abdul_Qader Abdulkadir
سليمان Suleiman Sulaiman Slimane
وليد Walid Waleed Oualid
نبيل Nabil Nabeel
فيصل Faisal Faysal Fayçal
ياسين Yassin Yacine Yaseen
بلال Bilal Belal
زكريا Zakaria Zakariya Zakarya
"""
_WOMEN = """
فاطمة Fatima Fatma Fatimah
عائشة Aisha Aicha Aysha
خديجة Khadija Khadidja Khadijah
مريم Maryam Mariam Meryem
زينب Zeinab Zaynab Zineb
سميرة Samira Sameera
نادية Nadia Nadya
ليلى Leila Layla Laila
هدى Huda Houda Hoda
سعاد Souad Suad
رانيا Rania Raniya
أمينة Amina Aminah
"""
_FAMILIES = """
الخطيب Al-Khatib El_Khatib Khateeb
حداد Haddad Hadad
منصور Mansour Mansur Mansoor
الشريف Al-Sharif Cherif El_Sherif Shareef
صالح Saleh Salih Salah
ناصر Nasser Nasir Nacer
حمدان Hamdan Hamdane
بن_علي Ben_Ali Benali
الطيب Tayeb Al-Tayyib Taïeb
العلوي Alaoui Al-Alawi
القاسمي Al-Qasimi Kassimi Al-Qassemi
درويش Darwish Darwich Derouiche
جابر Jaber Jabir Gaber
شعبان Shaaban Chaabane Shaban
رمضان Ramadan Ramadhan
عثمان Othman Osman Uthman
بوعزيز Bouaziz Bou_Aziz
المصري Al-Masri El_Masry Masri
التميمي Tamimi Al-Tamimi
خليل Khalil Khaleel
سلامة Salama Salameh
عوض Awad Aouad
غانم Ghanem Ghanim
فارس Fares Faris
هاشم Hashem Hachem Hashim
يعقوب Yaqoub Yacoub Yaqub
قاسم Qasim Kassem Qassem
البغدادي Al-Baghdadi Baghdadi
زيدان Zidan Zidane Zaydan
عيسى Issa Isa Eissa
"""


@dataclass(frozen=True, slots=True)
class MadePerson:
    """A made person as two lists write her: `one` in Latin letters, `other` in Arabic or in another spelling."""

    one: str
    other: str
    sex: str


def make_people(number: int, seed: int) -> list[MadePerson]:
    """As many made people, no two of whom have the same name in Arabic: first name, father's name, family's name."""
    chance = random.Random(seed)  # noqa: S311
    men, women, families = (_read(lines) for lines in (_MEN, _WOMEN, _FAMILIES))
    made: dict[str, MadePerson] = {}
    while len(made) < number:
        sex = chance.choice(["male", "male", "female"])
        parts = [chance.choice(men if sex == "male" else women), chance.choice(men), chance.choice(families)]
        arabic = " ".join(part[0] for part in parts)
        one = " ".join(chance.choice(part[1:]) for part in parts)
        kind = chance.random()
        if kind < 0.5:
            other = arabic
        else:
            kept = parts if kind < 0.85 else [parts[0], parts[2]]
            other = " ".join(chance.choice(part[1:]) for part in kept)
        made.setdefault(arabic, MadePerson(one, other, sex))
    return list(made.values())


def _read(lines: str) -> list[list[str]]:
    return [[word.replace("_", " ") for word in line.split()] for line in lines.strip().splitlines()]
