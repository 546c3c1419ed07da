# review: machine

freshness-fresh = Перевірено: { $date }
freshness-ageing = Перевірено: { $date }; зателефонуйте, перш ніж іти.
freshness-stale = Востаннє перевірено: { $date }; можливо, це вже не так. Зателефонуйте, перш ніж іти.
freshness-unknown = Ніхто не записав, коли це перевіряли. Зателефонуйте, перш ніж іти.
directory-hits =
    { $count ->
        [0] Нічого не знайдено. Спробуйте інше слово.
        [one] Знайдено { $count } послугу
        [few] Знайдено { $count } послуги
        [many] Знайдено { $count } послуг
       *[other] Знайдено { $count } послуги
    }
directory-services =
    { $count ->
        [one] { $count } послуга
        [few] { $count } послуги
        [many] { $count } послуг
       *[other] { $count } послуги
    }
directory-imported =
    { $count ->
        [one] Додано { $count } послугу
        [few] Додано { $count } послуги
        [many] Додано { $count } послуг
       *[other] Додано { $count } послуги
    }
directory-unchanged = Усе вже було актуальним.
directory-problems =
    { $count ->
        [0] Без помилок
        [one] Не вдалося прочитати { $count } запис
        [few] Не вдалося прочитати { $count } записи
        [many] Не вдалося прочитати { $count } записів
       *[other] Не вдалося прочитати { $count } запису
    }
directory-call = Телефон: { $phone }
directory-report-ask = Тут щось не так?
directory-report-wrong-number = Номер неправильний
directory-report-closed = Зачинено
directory-report-other = Щось інше
directory-report-thanks = Дякуємо. Вашу нотатку передадуть без Вашого імені.
