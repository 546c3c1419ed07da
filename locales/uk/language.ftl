# review: machine
# locale: uk
# direction: left-to-right
# plurals: one few many other

language-name = Українська
language-fallback = Ще немає Вашою мовою; показано українською.
language-machine = Машинний переклад, який ще не перевірила людина.
