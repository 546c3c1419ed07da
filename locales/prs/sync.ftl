# review: machine

sync-never = هنوز هیچ تبادله‌ای نشده است.
sync-last = آخرین تبادله: { $date }
sync-waiting =
    { $count ->
        [0] چیزی منتظر فرستادن نیست.
        [one] { $count } تغییر منتظر ارتباط است.
       *[other] { $count } تغییر منتظر ارتباط است.
    }
sync-waiting-for-phone = منتظر تیلفون { $name }
sync-received =
    { $count ->
        [0] چیز نوی نیست.
        [one] { $count } تغییر رسید
       *[other] { $count } تغییر رسید
    }
sync-sent =
    { $count ->
        [0] چیزی برای فرستادن نیست.
        [one] { $count } تغییر فرستاده شد
       *[other] { $count } تغییر فرستاده شد
    }
sync-up-to-date = همه چیز تازه است.
sync-offline = ارتباط نیست. می‌توانید به کار خود ادامه بدهید؛ همه چیز در این دستگاه ذخیره می‌شود.
sync-interrupted = ارتباط قطع شد. آنچه رسیده، نگه داشته شد و باقی آن بار دیگر می‌رسد.
