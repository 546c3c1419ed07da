package org.rafiq.app.looking

/** What people write in one language, for a day of their life with the app. */
class Told(
    val language: String, val me: String, val other: String, val third: String, val neighbour: String, val pairing: String, val theirPairing: String,
    val group: String, val place: String, val otherPlace: String, val goal: String, val otherGoal: String, val note: String, val town: String,
) {
    companion object {
        /** The four languages in which everything is painted. */
        val ALL = listOf(
            Told(
                "en", "Olena", "Amina", "Farid", "Samira", "Amina and Olena", "Farid and Jan", "Women's café", "Library, ground floor", "Café by the station",
                "Find a language course", "Read a letter from the school by myself", "I miss my sister. Today was long.", "Port Alder",
            ),
            Told(
                "ar", "أولينا", "أمينة", "فريد", "سميرة", "أمينة وأولينا", "فريد ويان", "مقهى النساء", "المكتبة، الطابق الأرضي", "المقهى قرب المحطة",
                "أن أجد دورة لغة", "أن أقرأ رسالة المدرسة وحدي", "أشتاق إلى أختي. كان اليوم طويلًا.", "بورت ألدر",
            ),
            Told(
                "uk", "Олена", "Аміна", "Фарід", "Саміра", "Аміна та Олена", "Фарід та Ян", "Жіноче кафе", "Бібліотека, перший поверх", "Кав’ярня біля вокзалу",
                "Знайти мовні курси", "Самостійно прочитати листа зі школи", "Сумую за сестрою. Сьогодні був довгий день.", "Порт-Олдер",
            ),
            Told(
                "prs", "اولینا", "آمنه", "فرید", "سمیره", "آمنه و اولینا", "فرید و یان", "قهوه‌خانهٔ زنان", "کتابخانه، منزل اول", "قهوه‌خانهٔ نزدیک ایستگاه",
                "یک کورس زبان پیدا کنم", "مکتوب مکتب را خودم بخوانم", "دلم برای خواهرم تنگ شده است. امروز روز درازی بود.", "پورت آلدر",
            ),
        )
    }
}
