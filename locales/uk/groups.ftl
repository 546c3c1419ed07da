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
attendance-excused = Відсутність із попередженням
attendance-count =
    { $count ->
        [0] Ще нікого не відмічено.
        [one] Прийшла { $count } людина.
        [few] Прийшли { $count } людини.
        [many] Прийшло { $count } людей.
       *[other] Прийшло { $count } людини.
    }
conflict-meeting-time = Збережено два часи зустрічі, бо обидва внесено без зв’язку. Будь ласка, виберіть один.
conflict-meeting-choice = { $date }, вносить { $name }
conflict-resolved = Дякуємо. Зустріч: { $date }
