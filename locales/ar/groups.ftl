# review: machine

group-joined = انضممت الآن إلى { $group }.
group-members =
    { $count ->
        [zero] لا أعضاء
        [one] عضو واحد
        [two] عضوان
        [few] { $count } أعضاء
        [many] { $count } عضوًا
       *[other] { $count } عضو
    }
session-next = اللقاء القادم: { $date }
session-place = المكان: { $place }
modality-in-person = حضوريًا
modality-remote = بالهاتف أو عبر الإنترنت
modality-hybrid = حضوريًا أو بالهاتف أو عبر الإنترنت
session-none = لم يُحدَّد أي لقاء بعد.
session-time-changed = موعد اللقاء الآن: { $date }
attendance-ask = من حضر؟
attendance-came = حضور
attendance-late = حضور متأخر
attendance-missed = غياب
attendance-excused = اعتذار مسبق
attendance-count =
    { $count ->
        [zero] لم يُسجَّل حضور أحد بعد.
        [one] حضر شخص واحد.
        [two] حضر شخصان.
        [few] حضر { $count } أشخاص.
        [many] حضر { $count } شخصًا.
       *[other] حضر { $count } شخص.
    }
attendance-disputed =
    { $count ->
        [zero] لا أحد سُجّل بطريقتين.
        [one] شخص واحد سُجّل بطريقتين.
        [two] شخصان سُجّلا بطريقتين.
        [few] { $count } أشخاص سُجّلوا بطريقتين.
        [many] { $count } شخصًا سُجّلوا بطريقتين.
       *[other] { $count } شخص سُجّلوا بطريقتين.
    }
conflict-meeting-time = حُفظ موعدان للقاء، لأن كليهما أُدخل من دون اتصال. يُرجى اختيار أحدهما.
conflict-meeting-choice = { $date }، الإدخال من { $name }
conflict-stands = القائم حتى الآن
conflict-resolved = شكرًا. موعد اللقاء: { $date }
