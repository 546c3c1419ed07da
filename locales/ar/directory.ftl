# review: machine

freshness-fresh = تم التحقق في { $date }
freshness-ageing = تم التحقق في { $date }. يُرجى الاتصال قبل الذهاب.
freshness-stale = آخر تحقق في { $date }. ربما لم يعد هذا صحيحًا؛ يُرجى الاتصال قبل الذهاب.
freshness-unknown = لم يُسجَّل متى تم التحقق من هذا. يُرجى الاتصال قبل الذهاب.
directory-hits =
    { $count ->
        [zero] لم يُعثر على شيء. يُرجى تجربة كلمة أخرى.
        [one] عُثر على خدمة واحدة
        [two] عُثر على خدمتين
        [few] عُثر على { $count } خدمات
        [many] عُثر على { $count } خدمة
       *[other] عُثر على { $count } خدمة
    }
directory-services =
    { $count ->
        [zero] لا خدمات
        [one] خدمة واحدة
        [two] خدمتان
        [few] { $count } خدمات
        [many] { $count } خدمة
       *[other] { $count } خدمة
    }
directory-imported =
    { $count ->
        [zero] لم تُضف أي خدمة
        [one] أُضيفت خدمة واحدة
        [two] أُضيفت خدمتان
        [few] أُضيفت { $count } خدمات
        [many] أُضيفت { $count } خدمة
       *[other] أُضيفت { $count } خدمة
    }
directory-unchanged = كل شيء محدَّث من قبل.
directory-problems =
    { $count ->
        [zero] لا مشاكل
        [one] تعذّرت قراءة مدخل واحد
        [two] تعذّرت قراءة مدخلين
        [few] تعذّرت قراءة { $count } مدخلات
        [many] تعذّرت قراءة { $count } مدخلًا
       *[other] تعذّرت قراءة { $count } مدخل
    }
directory-call = اتصال: { $phone }
directory-report-ask = هل هناك خطأ هنا؟
directory-report-wrong-number = الرقم خاطئ
directory-report-closed = المكان مغلق
directory-report-other = شيء آخر
directory-report-thanks = شكرًا. ستُنقل ملاحظتك من دون ذكر اسمك.
