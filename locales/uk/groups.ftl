# review: machine

group-joined = Тепер Ви у групі «{ $group }».
group-members =
    { $count ->
        [one] { $count } учасник
        [few] { $count } учасники
        [many] { $count } учасників
       *[other] { $count } учасника
    }
session-next = Наступна зустріч: { $date }
session-place = Місце: { $place }
modality-in-person = Наживо
modality-remote = Телефоном або онлайн
modality-hybrid = Наживо або телефоном чи онлайн
session-none = Зустріч ще не заплановано.
session-time-changed = Тепер зустріч: { $date }
attendance-ask = Хто прийшов?
attendance-came = Присутність
attendance-late = Із запізненням
attendance-missed = Відсутність
attendance-excused = Із попередженням
attendance-count =
    { $count ->
        [0] Ще нікого не відмічено.
        [one] Прийшла { $count } людина.
        [few] Прийшли { $count } людини.
        [many] Прийшло { $count } людей.
       *[other] Прийшло { $count } людини.
    }
attendance-disputed =
    { $count ->
        [one] { $count } людину відмічено по-різному.
        [few] { $count } людини відмічено по-різному.
        [many] { $count } людей відмічено по-різному.
       *[other] { $count } людини відмічено по-різному.
    }
conflict-meeting-time = Збережено два часи зустрічі, бо обидва внесено без зв’язку. Будь ласка, виберіть один.
conflict-meeting-choice = { $date }, запис: { $name }
conflict-stands = Поки що чинний
conflict-resolved = Дякуємо. Зустріч: { $date }
