# review: machine

today-title = Сьогодні
today-nothing = На сьогодні нічого немає.
today-due =
    { $count ->
        [one] { $count } справа на сьогодні
        [few] { $count } справи на сьогодні
        [many] { $count } справ на сьогодні
       *[other] { $count } справи на сьогодні
    }
due-by = До: { $date }
due-since = Чекає від: { $date }
today-meeting = Зустріч: { $date }
today-done = Зроблено
alert-contact-today = { $name } просить зв’язатися сьогодні.
reminder = Для Вас щось є.

today-goal = Ваша ціль: { $goal }
today-contact-this-week = { $name } просить зв’язатися цього тижня.
today-attendance-conflict = { $name }: є дві різні позначки. Будь ласка, оберіть одну.
