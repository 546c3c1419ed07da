# review: machine

check-in-title = Як Ви?
check-in-ask-feeling = Як справи?
check-in-ask-help = Що допомогло б?
check-in-ask-contact = Чи хочете Ви, щоб з Вами зв’язалися?
check-in-ask-share = Хто може це бачити?
check-in-ask-note = Бажаєте щось додати?

feeling-1 = Дуже важко
    .description = Обличчя в сльозах
feeling-2 = Важко
    .description = Сумне обличчя
feeling-3 = Так собі
    .description = Спокійне обличчя
feeling-4 = Добре
    .description = Усміхнене обличчя
feeling-5 = Дуже добре
    .description = Обличчя, що сміється

help-emotional = Хтось, хто вислухає
help-practical = Допомога з практичною справою
help-companionship = Товариство
help-information = Інформація

contact-no = Ні, дякую
    .told = Прохання зв’язатися: немає
contact-this-week = Так, цього тижня
    .told = Прохання зв’язатися: цього тижня
contact-today = Так, сьогодні
    .told = Прохання зв’язатися: сьогодні

share-private = Лише я

check-in-kept-private = Збережено. Це ні з ким не спільне.
check-in-kept-shared = Збережено. { $name } побачить це після наступного обміну.
check-in-contact-today-noted = Збережено. Щойно буде зв’язок, { $name } дізнається про це насамперед.
words-not-here-yet = Те, що тут написано, ще не надійшло.
words-erased = Те, що тут було написано, стерто.
check-in-if-danger = Якщо Вам загрожує небезпека, не чекайте відповіді: телефонуйте на номер екстреної допомоги.
