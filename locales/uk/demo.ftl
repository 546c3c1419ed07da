# review: machine

demo-title = Один день у полі
demo-opened = { $name } відкриває застосунок. Усе лишається на цьому пристрої, зашифроване.
demo-goes-offline = { $name } тепер без зв’язку.
demo-came-to-session = { $name } є на зустрічі.
demo-worked-offline =
    { $count ->
        [one] { $count } зміна без зв’язку
        [few] { $count } зміни без зв’язку
        [many] { $count } змін без зв’язку
       *[other] { $count } зміни без зв’язку
    }
demo-connection-returns = Зв’язок повернувся.
demo-delivered-first = Спочатку надійшло це: { $alert }
demo-both-times-kept =
    { $count ->
        [one] Збережено { $count } час зустрічі.
        [few] Збережено { $count } часи зустрічі.
        [many] Збережено { $count } часів зустрічі.
       *[other] Збережено { $count } часу зустрічі.
    }
demo-private-stays = Приватна відмітка є лише на пристрої ({ $name }) і більше ніде.
demo-nothing-left = Другому обміну вже нічого передавати.
demo-card-closed = { $name } переносить це і не може відкрити нічого.
demo-taken-out = { $name } більше не в групі.
demo-reads-no-further = { $name } зберігає прочитане раніше. Написаного тепер там уже не відкрити.
demo-searched = Пошук «{ $query }»: { $hits }
demo-kept-on-device = На пристрої ({ $name }): { $kilobytes } КБ, зашифровано
demo-kept-on-relay = Запечатані конверти на сервері-посереднику: { $envelopes } ({ $kilobytes } КБ). Він не може відкрити жодного.
demo-crossed = { $name } за весь день: надіслано { $sent } КБ, отримано { $received } КБ
demo-end = Усі мають те саме, і кожна людина читає це своєю мовою.
