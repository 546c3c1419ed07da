# review: machine

cli-passphrase = Парольна фраза:
cli-passphrase-new = Виберіть парольну фразу:
cli-passphrase-again = Ще раз:
cli-passphrase-differs = Вони не збігаються. Спробуйте, будь ласка, ще раз.
cli-key-beside-store = Парольної фрази немає: ключ лежить у файлі поруч зі сховищем, і кожен, хто може читати Ваші файли, може його відкрити.
cli-importing = Додаємо
cli-exchanging = Обмінюємося
cli-done = Готово.
