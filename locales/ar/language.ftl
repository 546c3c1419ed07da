# review: machine
# locale: ar
# direction: right-to-left
# plurals: zero one two few many other
# stands-in-for: apc ajp acm apd arz arq ary aeb ayl afb acw ayn

language-name = العربية
language-fallback = غير متوفر بلغتك بعد؛ معروض بالعربية.
language-machine = ترجمة آلية لم يراجعها إنسان بعد.
