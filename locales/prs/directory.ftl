# review: machine

freshness-fresh = بررسی شده در { $date }
freshness-ageing = بررسی شده در { $date }. لطفاً پیش از رفتن زنگ بزنید.
freshness-stale = آخرین بررسی در { $date }. شاید دیگر درست نباشد؛ لطفاً پیش از رفتن زنگ بزنید.
freshness-unknown = معلوم نیست که این چه وقت بررسی شده است. لطفاً پیش از رفتن زنگ بزنید.
directory-hits =
    { $count ->
        [0] چیزی پیدا نشد. یک کلمهٔ دیگر را امتحان کنید.
        [one] { $count } خدمت پیدا شد
       *[other] { $count } خدمت پیدا شد
    }
directory-services =
    { $count ->
        [one] { $count } خدمت
       *[other] { $count } خدمت
    }
directory-imported =
    { $count ->
        [one] { $count } خدمت وارد شد
       *[other] { $count } خدمت وارد شد
    }
directory-unchanged = همه چیز از پیش تازه بود.
directory-problems =
    { $count ->
        [0] بدون مشکل
        [one] { $count } ثبت خوانده نشد
       *[other] { $count } ثبت خوانده نشد
    }
directory-call = زنگ: { $phone }
directory-report-ask = آیا اینجا چیزی درست نیست؟
directory-report-wrong-number = نمبر غلط است
directory-report-closed = بسته است
directory-report-other = چیز دیگر
directory-report-thanks = تشکر. یادداشت شما بدون نام شما رسانده می‌شود.
