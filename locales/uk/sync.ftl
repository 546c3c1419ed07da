# review: machine

sync-never = Обміну ще не було.
sync-last = Останній обмін: { $date }
sync-waiting =
    { $count ->
        [0] Нічого не чекає на надсилання.
        [one] { $count } зміна чекає на зв’язок.
        [few] { $count } зміни чекають на зв’язок.
        [many] { $count } змін чекають на зв’язок.
       *[other] { $count } зміни чекає на зв’язок.
    }
sync-waiting-for-phone = Чекаємо на телефон: { $name }
sync-received =
    { $count ->
        [0] Нічого нового.
        [one] Отримано { $count } зміну
        [few] Отримано { $count } зміни
        [many] Отримано { $count } змін
       *[other] Отримано { $count } зміни
    }
sync-sent =
    { $count ->
        [0] Нічого надсилати.
        [one] Надіслано { $count } зміну
        [few] Надіслано { $count } зміни
        [many] Надіслано { $count } змін
       *[other] Надіслано { $count } зміни
    }
sync-up-to-date = Усе актуально.
sync-offline = Немає зв’язку. Можна працювати далі; усе збережено на цьому пристрої.
sync-interrupted = Зв’язок перервався. Те, що надійшло, збережено, решта надійде наступного разу.
