# review: machine

platform-app-name = Рафік

platform-reminder = Для Вас є дещо в застосунку «Рафік».
platform-reminders = Нагадування
platform-reminders-about = Про те, що настав час. Ніколи про що саме.
platform-reminders-why = «Рафік» може нагадувати Вам про заплановане. Хто побачить нагадування, не дізнається, про що воно. Чи хотіли б Ви цього?
platform-yes = Так, будь ласка
platform-not-now = Не зараз

platform-camera-why = Камерою можна зчитати код запрошення. Жодне зображення не зберігається.
platform-camera-aim = Будь ласка, наведіть камеру на код.
platform-camera-refused = Без камери Ви можете вставити текст запрошення.

platform-no-app = На цьому телефоні немає для цього застосунку.
