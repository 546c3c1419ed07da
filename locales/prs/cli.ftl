# review: machine

cli-passphrase = رمز:
cli-passphrase-new = یک رمز انتخاب کنید:
cli-passphrase-again = یک بار دیگر:
cli-passphrase-differs = این دو یکسان نیستند. لطفاً دوباره کوشش کنید.
cli-key-beside-store = رمزی نیست: کلید در یک فایل در کنار ذخیره است و هر کس که فایل‌های شما را بخواند، می‌تواند آن را باز کند.
cli-importing = در حال وارد کردن
cli-exchanging = در حال تبادله
cli-done = انجام شد.
