# review: machine

app-tab-check-in = Як Ви
app-tab-together = Разом
app-tab-directory = Довідник

app-next = Далі
app-back = Назад
app-close = Закрити
app-save = Зберегти
app-cancel = Скасувати
app-add = Додати
app-try-again = Спробувати ще раз
app-understood = Гаразд
app-more = Показати більше
app-clear = Очистити
app-copy = Копіювати
app-send = Надіслати
app-loading = Хвилинку, будь ласка.
app-chosen = Вибрано
app-not-chosen = Не вибрано
app-date = { $date }
app-saved = Збережено.
app-not-arrived = Це ще не надійшло. Воно з’явиться після наступного обміну.
app-no-words = Ця версія застосунку ще не має для цього слів.
app-other-language = Ще не Вашою мовою.
app-somebody = хтось

app-welcome = Вітаємо
app-welcome-about = Усе лишається на цьому телефоні, зашифроване. Це працює і без зв’язку.
app-set-up-language = Якою мовою Ви хотіли б читати?
app-set-up-name = Як до Вас звертатися?
app-set-up-protection = Чи бажаєте парольну фразу?
app-set-up-step = Крок { $step } з { $steps }
app-name = Ваше ім’я
app-name-about = Це ім’я бачитимуть ті, з ким Ви чимось ділитеся. Воно не мусить бути таким, як у документах.
app-protection-about = З парольною фразою ніхто не відкриє це без Вас, навіть із Вашим телефоном у руках. Ніхто не зможе її відновити: будь ласка, виберіть таку, яку не забудете.
app-with-passphrase = Так, із парольною фразою
app-without-passphrase = Ні, без неї
app-passphrase = Парольна фраза
app-passphrase-again = Ще раз
app-begin = Почати
app-unlock-title = З поверненням
app-unlock = Відкрити
app-trouble-title = Зараз це не можна відкрити
app-set-aside = Відкласти пошкоджений файл і почати заново
app-set-aside-about = Нічого не вилучається: пошкоджений файл лишається на цьому телефоні. Ви почнете з порожнього застосунку, і тим, хто чимось із Вами ділиться, треба буде запросити Вас знову.

app-settle = Я про це подбаю
app-unconfirmed = Ще не певно, хто це написав.
app-requests =
    { $count ->
        [one] { $count } людина просить її впустити
        [few] { $count } людини просять їх впустити
        [many] { $count } людей просять їх впустити
       *[other] { $count } людини просять їх впустити
    }

app-note = Вашими словами
app-share-with = Я і ті, хто тут: «{ $pairing }»
app-check-in-again = Ще одна відмітка
app-check-ins-title = Відмітки
app-check-ins-none = Відміток ще немає. Можна написати будь-коли.
app-take-back = Забрати відмітку назад
app-take-back-ask = Забрати цю відмітку назад? З цього телефону вона зникне зараз, а з інших — під час їхнього наступного обміну. Вимкнений телефон дізнається пізніше. Хто вийшов із «{ $space }», у того лишається те, що було, а хто прочитав, той прочитав.
app-take-back-ask-private = Забрати цю відмітку назад? Вона зникне з цього телефону; більше ні в кого її немає.
app-taken-back = Забрано назад.
app-erase-words = Забрати написане назад
app-erase-words-ask = Забрати назад те, що Ви тут написали? З цього телефону воно зникне зараз, а з інших — під час їхнього наступного обміну; на вимкненому телефоні воно може лишатися доти. Хто вийшов із «{ $space }», у того лишається те, що було, а хто прочитав, той прочитав. Повернути це буде неможливо. Сама відмітка лишається.
app-erase-words-ask-private = Забрати назад те, що Ви тут написали? Воно зникне з цього телефону, і повернути його буде неможливо. Сама відмітка лишається.
app-erase-words-ask-left = Забрати назад те, що Ви тут написали? Вас уже немає в «{ $space }»: воно зникне лише з цього телефону, а в інших лишиться те, що вони мають. Повернути це буде неможливо.
app-words-taken-back = Написане стерто з цього телефону.
app-erase-theirs = Стерти ці слова
app-erase-theirs-ask = Стерти те, що тут написано? Автор: { $name }. З цього телефону воно зникне зараз, а з інших, також із телефону автора, — під час їхнього наступного обміну; на вимкненому телефоні воно може лишатися доти. Хто вийшов із «{ $space }», у того лишається те, що було. Усі побачать, що це стерто, і повернути це буде неможливо. Сама відмітка лишається.
app-words-erased = Написане стерто з цього телефону ({ $name }). Інші дізнаються під час наступного обміну.
app-erased-here = Стерто з цього телефону
app-erased-there = Стерто з телефону: { $name }
app-erased-unconfirmed = Телефон ще не підтвердив і, можливо, ще це зберігає: { $name }
app-erased-gone = Уже не тут, і те, що надійшло на телефон раніше, там лишається: { $name }
app-erased-left = Вас уже немає в «{ $space }»: телефон, який не підтвердив, може це зберігати
app-erased-unknown = Зараз неможливо сказати, з яких інших телефонів це стерто

app-together-none = У Вас ще немає спільної пари чи групи. Почніть нову або приєднайтеся за запрошенням.
app-pairings = Пари
app-groups = Групи
app-requests-title = Хто просить впустити
app-begin-pairing = Почати пару
app-model-ask = Яка це має бути підтримка?
app-pairing-title = Як це назвати?
app-role-ask = Яку роль Ви берете?
app-found-group = Заснувати групу
app-group-name = Назва групи
app-group-language = Мова групи
app-group-capacity = На скільки людей?
app-group-place = Де група зазвичай зустрічається?
app-invite = Запросити когось
app-join = Приєднатися за запрошенням

app-people = Люди
app-you = Ви
app-part-open = Роль ще не вибрано
app-next-meeting = Наступна зустріч
app-plan-meeting = Запланувати зустріч
app-day = День
app-time = Час
app-place = Місце
app-choose-this = Саме це
app-goals = Цілі
app-goals-none = Цілей ще немає. Вони можуть з’явитися згодом.
app-milestones = Маленькі перемоги
app-milestones-none = Ще нічого не записано. Перша перемога попереду.
app-milestone-add = Додати маленьку перемогу
app-steps = Що далі
app-steps-none = Зараз нічого не чекає.
app-contacts = Контакти
app-contacts-none = Жодного контакту ще не записано.
app-contact-add = Ми були на зв’язку
app-contact-how = Як Ви були на зв’язку?
app-contact-about = Про що йшлося?
app-responder-ask = Хто дізнається насамперед, коли хтось просить зв’язатися?
app-hears-first = Дізнається насамперед

app-sessions = Зустрічі
app-session-move = Вибрати інший час
app-session-cancel = Зустрічі не буде
app-session-cancel-ask = Скасувати цю зустріч? Усі в групі дізнаються про це під час наступного обміну. Можна запланувати іншу.
app-session-cancel-yes = Так, зустрічі не буде
app-session-cancel-no = Ні, зустріч відбудеться
app-session-cancelled = Ця зустріч не відбудеться.
app-person-add = Додати людину без телефону
app-person-name = Ім’я людини
app-person-language = Мова людини
app-person-added = { $name } тепер у групі.
app-marked-differently = Хтось інший відмітив:
app-unsaved =
    { $count ->
        [one] { $count } позначку ще не збережено
        [few] { $count } позначки ще не збережено
        [many] { $count } позначок ще не збережено
       *[other] { $count } позначки ще не збережено
    }
app-attendance-none = У цій групі ще нікого немає.

app-search = Що Ви шукаєте?
app-directories = Довідники
app-directory-none = Довідника тут ще немає. Його можна отримати за запрошенням.
app-service-closed = Більше не працює
app-service-paused = Тимчасово зачинено
app-call = Зателефонувати
app-phones = Телефон
app-places = Де
app-hours = Години роботи
app-hours-line =
    { $day ->
        [MO] Понеділок
        [TU] Вівторок
        [WE] Середа
        [TH] Четвер
        [FR] П’ятниця
        [SA] Субота
        [SU] Неділя
       *[other] { $day }
    }: { $opens } – { $closes }
app-languages = Мови
app-for-whom = Для кого
app-how-to-apply = Як звернутися
app-costs = Скільки коштує
app-to-bring = Що взяти з собою
app-interpreting = Усний переклад
app-waiting-time = Час очікування
app-website = Вебсторінка
app-email = Електронна пошта

app-invite-title = Запрошення
app-invite-ask = Де людина, яку Ви запрошуєте?
app-invite-here = Тут, поруч
app-invite-elsewhere = В іншому місці
app-invite-once = Воно для однієї людини, на один раз.
app-invite-all = Хто його побачить, зможе читати цей довідник.
app-invite-ends = Дійсне до: { $date }
app-invite-code = QR-код запрошення
app-asks-to-join = { $name } просить впустити.
app-asks-to-join-here = { $name } просить впустити: { $space }
app-look-first = Будь ласка, впускайте лише того, хто перед Вами або з ким Ви говорили.
app-admit = Впустити
app-decline = Не зараз
app-admitted = { $name }: доступ надано. Привітання вирушить із наступним обміном.
app-declined = { $name }: доступ не надано.
app-scan = Сканувати код
app-invite-text = Вставте запрошення сюди
app-join-for =
    { $kind ->
        [circle] Вас запрошують у пару: { $title }
        [group] Вас запрошують у групу: { $title }
        [directory] Ви зможете читати довідник: { $title }
       *[other] Вас запрошують: { $title }
    }
app-join-relay = Це йде через { $relay }. Сервер-посередник дізнається адресу цього телефону, але прочитати нічого не може.
app-accept = Прийняти
app-join-sent = Ваша відповідь вирушить із наступним обміном. Щойно Вас впустять, Ви знайдете це в розділі «Разом».
app-join-reads = Довідник надійде з наступним обміном.
app-join-held = Ви вже тут.

app-exchange-title = Обмін
app-exchange-now = Обмінятися зараз
app-exchange-bytes = Надіслано { $sent } КБ, отримано { $received } КБ
app-exchange-progress = { $space }: { $done } з { $total } КБ
app-exchange-progress-own = Для цього телефону: { $done } з { $total } КБ
app-unmetered = Чекає на зв’язок, за обсяг якого не платять, наприклад Wi-Fi: { $size } КБ
app-metered-ask = Чи можна передавати велике також через зв’язок, за обсяг якого платять?
app-metered-wait = Ні, нехай чекає на інший зв’язок
app-metered-use = Так, можна передавати все
app-relay = Сервер-посередник
app-relay-about = Сервер-посередник передає запечатані конверти. Відкрити він не може жодного.
app-relay-address = Адреса сервера-посередника
app-relay-none = Сервер-посередник ще не задано. Його приносить запрошення.
app-relay-trouble = Сервер-посередник зараз не може відповісти. Усе збережено; спробуйте, будь ласка, пізніше.
app-held-title = Що відкладено
app-held-waiting = Чекає на те, що ще не надійшло.
app-held-removed = Це написала людина, яку виключили, перш ніж хтось це побачив. Воно врахується, щойно на нього спиратиметься робота когось іншого.
app-held-refused = Відхилено, бо порушує правило. Нічого не змінилося.
app-held-fork = Один телефон повернули до давнішої копії, і далі пішли дві версії. Усі телефони лишають ту саму; чого в ній бракує, телефон автора запише знову.
app-held-doubtful = Не вдалося прийняти тут. Воно зберігається і буде випробуване знову після оновлення.
app-unread-space = Зараз неможливо прочитати, що відкладено в «{ $space }». Усе інше показано.
app-held-work =
    { $count ->
        [one] Відкладено { $count } внесок: { $name }
        [few] Відкладено { $count } внески: { $name }
        [many] Відкладено { $count } внесків: { $name }
       *[other] Відкладено { $count } внеску: { $name }
    }
app-held-work-about = Надійшло після виключення; можливо, той телефон про нього ще не знав. Досі це не враховується.
app-keep = Прийняти
app-keep-ask = Прийняти написане? До того ніхто не може це прочитати. Усі там побачать це після наступного обміну, і скасувати це неможливо. Виключення лишається в силі.
app-kept = Прийнято. Інші отримають це з наступним обміном.

app-profile = Ви і цей телефон
app-rename = Змінити ім’я
app-language = Мова
app-calendar = Календар
app-calendar-usual = Звичний для Вашої мови
app-calendar-gregorian = Григоріанський
app-calendar-solar-hijri = Сонячна хіджра
app-passphrase-set = Усе тут захищено парольною фразою.
app-passphrase-none = Парольної фрази немає.
app-passphrase-change = Змінити парольну фразу
app-passphrase-old = Дотеперішня парольна фраза
app-passphrase-new = Нова парольна фраза
app-passphrase-changed = Відтепер діє нова парольна фраза.
app-passphrase-removed = Парольної фрази більше немає.
app-lock = Замкнути
app-wipe = Видалити все на цьому телефоні
app-wipe-ask = Видалити все на цьому телефоні? Повернути це неможливо. Те, чим Ви поділилися, лишається в інших.
app-wipe-yes = Так, видалити все
