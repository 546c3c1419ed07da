//! Listings as a region's directory has them: some two dozen fields, three languages, an organization for each forty, some two
//! kilobytes of JSON. Made from a seed, so that every run measures the same.

use rafiq_tests::mutants::Rng;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

pub const SERVICES: usize = 20_000;

/// What a listing may be about: its name and topic in English, Arabic and Ukrainian.
const KINDS: &[[&str; 3]] = &[
    ["Advice centre", "مركز المشورة", "Консультаційний центр"],
    ["Walk-in clinic", "عيادة بدون موعد", "Клініка без запису"],
    ["Language course", "دورة لغة", "Мовні курси"],
    ["Food bank", "بنك الطعام", "Продуктовий банк"],
    ["Legal aid", "مساعدة قانونية", "Правова допомога"],
    ["Women’s group", "مجموعة نسائية", "Жіноча група"],
    ["Homework club", "نادي الواجبات", "Клуб домашніх завдань"],
    ["Job coaching", "تدريب وظيفي", "Підтримка в пошуку роботи"],
];

/// Words of descriptions in the same languages, drawn at random: less alike than real ones are, so that nothing is gained by shortening text that would not be gained
/// with those.
const WORDS: [&str; 3] = [
    "help with housing health school and work advice appointment interpreter children welcome papers insurance letters tea \
     afternoon holidays entrance yard office clothes shoes winter quiet room talk family doctor nurse lawyer money rent \
     kitchen garden bus station bridge market bread cooking sewing computer phone course beginner evening morning weekend \
     women men young people elderly neighbours newcomers mentors walk visit museum library sport football swimming music \
     singing drawing bicycle repair furniture moving translation form interview certificate training internship wages \
     contract union tax bank savings debt counselling grief sleep worry rest peace",
    "مساعدة في السكن والصحة والمدرسة والعمل المشورة موعد مترجم الأطفال مرحباً أوراق تأمين رسائل شاي الظهر عطلة مدخل ساحة مكتب \
     ملابس أحذية الشتاء هادئة غرفة حديث عائلة طبيب ممرضة محام مال إيجار مطبخ حديقة حافلة محطة جسر سوق خبز طبخ خياطة حاسوب \
     هاتف دورة مبتدئ مساء صباح نساء رجال شباب مسنون جيران قادمون نزهة زيارة متحف مكتبة رياضة سباحة موسيقى غناء رسم دراجة \
     تصليح أثاث نقل ترجمة استمارة مقابلة شهادة تدريب أجور عقد ضريبة مصرف دين إرشاد حزن نوم قلق راحة سلام",
    "допомога з житлом здоров’ям школою та роботою порада запис перекладач діти раді документи страховка листи чай обід свята \
     вхід двір установа одяг взуття зима тиха кімната розмова родина лікар медсестра юрист гроші оренда кухня сад автобус \
     станція міст ринок хліб куховарство шиття комп’ютер телефон курс початківець вечір ранок жінки чоловіки молодь літні \
     сусіди новоприбулі прогулянка відвідини музей бібліотека спорт плавання музика спів малювання велосипед ремонт меблі \
     переїзд переклад анкета співбесіда посвідчення навчання платня договір податок банк борг консультація горе сон тривога \
     відпочинок мир",
];
/// How many a description has.
const LENGTHS: [usize; 3] = [40, 32, 32];

const STREETS: &[&str] =
    &["Salt Quay", "Mill Lane", "Assize Street", "Station Road", "Rope Walk", "Church Hill", "Dyke Row"];
const TOWNS: &[&str] = &["Port Alder", "Ostholm", "Vestby", "Nordhavn", "Saltmarsh", "Eastfield"];
const DAYS: &[&str] = &["MO,WE", "TU,TH", "MO,TU,WE,TH,FR", "SA", "FR", "WE"];

/// So many listings, in HSDS.
pub fn listings(services: usize) -> Vec<Value> {
    let mut rng = Rng::new(20);
    (0..services).map(|n| listing(n, &mut rng)).collect()
}

fn listing(n: usize, rng: &mut Rng) -> Value {
    let (kind, town, house) = (*rng.pick(KINDS), *rng.pick(TOWNS), 1 + rng.below(90));
    let [english, arabic, ukrainian] = [0, 1, 2].map(|language| description(language, rng));
    let organization = n / 40;
    let mut of_organization = Rng::new(organization as u64);
    json!({
        "id": uuid(rng),
        "name": format!("{} {n}, {town}", kind[0]),
        "description": english,
        "status": "active",
        "url": format!("https://{}.example.org/{n}", town.to_lowercase().replace(' ', "-")),
        "email": format!("service{n}@example.org"),
        "fees_description": "Free of charge.",
        "eligibility_description": *rng.pick(&["Anyone.", "Families with children.", "Anyone who is looking for work.", "Women."]),
        "application_process": *rng.pick(&["Come by.", "Ring for an appointment.", "Write to us."]),
        "assured_date": format!("2026-{:02}-{:02}", 1 + rng.below(10), 1 + rng.below(28)),
        "last_modified": format!("2026-10-{:02}T09:00:00Z", 1 + rng.below(28)),
        "language": "en",
        "languages": [{ "code": "en" }, { "code": "ar" }, { "code": "uk" }],
        "organization": {
            "id": uuid(&mut of_organization),
            "name": format!("Bridge {organization}"),
            "email": format!("bridge{organization}@example.org"),
            "website": format!("https://bridge{organization}.example.org"),
        },
        "phones": [{ "number": format!("+44 1632 {:06}", rng.below(1_000_000)), "type": "voice", "description": "Reception" }],
        "schedules": [{
            "freq": "WEEKLY",
            "byday": *rng.pick(DAYS),
            "opens_at": format!("{:02}:00", 7 + rng.below(5)),
            "closes_at": format!("{:02}:30", 14 + rng.below(6)),
        }],
        "service_at_locations": [{ "location": {
            "id": uuid(rng),
            "location_type": "physical",
            "latitude": 54.0 + rng.below(1_000_000) as f64 / 1e6,
            "longitude": rng.below(1_000_000) as f64 / 1e6,
            "addresses": [{
                "address_1": format!("{house} {}", *rng.pick(STREETS)),
                "city": town,
                "postal_code": format!("ZZ{} {}EF", rng.below(9), rng.below(9)),
                "country": "GB",
                "address_type": "physical",
            }],
        }}],
        "attributes": [{ "taxonomy_term": { "name": kind[0], "taxonomy": "topics" } }],
        "translations": {
            "ar": { "name": format!("{} {n}", kind[1]), "description": arabic, "fees_description": "مجاناً." },
            "uk": { "name": format!("{} {n}", kind[2]), "description": ukrainian, "fees_description": "Безкоштовно." },
        },
    })
}

fn description(language: usize, rng: &mut Rng) -> String {
    let words: Vec<&str> = WORDS[language].split(' ').collect();
    (0..LENGTHS[language]).map(|_| *rng.pick(&words)).collect::<Vec<_>>().join(" ")
}

/// As those who keep directories give them out: random, so that nothing shortens them.
fn uuid(rng: &mut Rng) -> String {
    let hex: String = rng.id().iter().map(|byte| format!("{byte:02x}")).collect();
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// Listings as one HSDS page, in a file.
pub fn directory_file(folder: &Path, listings: &[Value]) -> PathBuf {
    let path = folder.join("services.json");
    std::fs::write(&path, json!({ "contents": listings }).to_string()).unwrap();
    path
}
