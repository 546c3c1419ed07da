#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail

use super::*;

fn read(name: &str, text: impl AsRef<[u8]>) -> Parsed {
    read_source(name, text.as_ref(), &mut |_, _| true).unwrap()
}

/// Problems as `row field code`, with the file only where it is not the one asked for.
fn problems(parsed: &Parsed) -> Vec<String> {
    parsed.errors.iter().map(|e| format!("{} {} {}", e.row, e.field, e.problem)).collect()
}

const MINIMAL: &str = r#"{"id":"s1","name":"Legal advice","status":"active"}"#;

fn service(members: &str) -> String {
    format!(r#"{{"id":"s1","name":"Legal advice","status":"active",{members}}}"#)
}

#[test]
fn every_shape_of_json() {
    let list = format!(r#"{{"total_items":1,"contents":[{MINIMAL}]}}"#);
    let bare = format!("[{MINIMAL}]");
    let lines = format!("{MINIMAL}\n{}\n", MINIMAL.replace("s1", "s2"));
    let organization = format!(r#"{{"id":"o1","name":"Bridge","description":"…","services":[{MINIMAL}]}}"#);
    let at = format!(
        r#"{{"id":"a1","location":{{"id":"l1","location_type":"physical","name":"Hall"}},"service":{MINIMAL}}}"#
    );
    let tables = r#"{"services.csv":[{"id":"s1","organization_id":"o1","name":"Legal advice","status":"active"}],
        "organizations.csv":[{"id":"o1","name":"Bridge","description":"x"}],"phones.csv":[{"id":"p1","service_id":"s1","number":"112"}]}"#;
    for (text, count) in [
        (MINIMAL, 1),
        (&list, 1),
        (&bare, 1),
        (&lines, 2),
        (&organization, 1),
        (&at, 1),
        (tables, 1),
        ("\u{feff}[]", 0),
    ] {
        let parsed = read("feed.json", text);
        assert_eq!(parsed.services.len(), count, "{text}");
        assert_eq!(problems(&parsed).len(), usize::from(count == 0), "{text}: {:?}", parsed.errors);
    }
    assert_eq!(read("a.json", &organization).services[0].fields()["organization"], "Bridge");
    assert_eq!(read("a.json", tables).services[0].fields()["organization"], "Bridge");
    assert_eq!(read("a.json", tables).services[0].fields()["phones"], r#"[{"dial":"112","number":"112"}]"#);
    assert_eq!(read("a.json", &at).services[0].fields()["places"].matches("Hall").count(), 1);
}

#[test]
fn the_same_service_at_two_places_is_one_service() {
    let at = |n: u8| {
        format!(
            r#"{{"id":"a{n}","location":{{"id":"l{n}","location_type":"physical","name":"Hall {n}"}},"service":{MINIMAL}}}"#
        )
    };
    let parsed = read("list.json", format!(r#"{{"contents":[{},{},{}]}}"#, at(1), at(2), at(1)));
    assert_eq!((parsed.services.len(), parsed.services[0].fields()["places"].matches("Hall").count()), (1, 2));
    assert!(parsed.errors.is_empty());
}

#[test]
fn two_services_with_one_id_are_named() {
    let other = MINIMAL.replace("Legal advice", "Swimming");
    let parsed = read("list.json", format!("[{MINIMAL},{other}]"));
    assert_eq!(problems(&parsed), ["2 id duplicate"]);
    assert_eq!(parsed.services[0].fields()["name"], "Legal advice");
}

#[test]
fn bad_hsds_row() {
    let rows = [
        r#"{"id":"s1","name":"","status":"active"}"#.to_owned(),
        r#"{"name":"No id","status":"active"}"#.to_owned(),
        r#"{"id":"s3","name":["a"],"status":"active"}"#.to_owned(),
        r#"{"id":"s4","name":"Open?","status":"open"}"#.to_owned(),
        "17".to_owned(),
        r#"{"id":"s6","name":"bad \escape","status":"active"}"#.to_owned(),
        r#"{"id":"s7","name":"Good","status":"active"}"#.to_owned(),
        format!("{}1{}", "[".repeat(2_000), "]".repeat(2_000)),
        r#"{"id":"s9","name":"Good too","status":"Active"}"#.to_owned(),
    ];
    let parsed = read("list.json", format!(r#"{{"contents":[{}]}}"#, rows.join(",")));
    let taken: Vec<&str> = parsed.services.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(taken, ["s7", "s9"]);
    assert_eq!(
        problems(&parsed),
        [
            "1 name missing",
            "2 id missing",
            "3 name wrong-type",
            "4 status not-in-list",
            "5  wrong-type",
            "6  not-json",
            "8  too-deep",
        ]
    );
    assert_eq!(parsed.errors[0].file, "list.json");
}

#[test]
fn bad_optional_fields_are_left_out_and_named() {
    let cases = [
        (r#""assured_date":"2026-02-30""#, "assured_date not-a-date"),
        (r#""assured_date":"last spring""#, "assured_date not-a-date"),
        (r#""last_modified":"yesterday""#, "last_modified not-a-date"),
        (r#""email":"nobody""#, "email not-an-email"),
        (r#""url":"javascript:alert(1)""#, "url not-a-web-address"),
        (r#""url":"file:///etc/passwd""#, "url not-a-web-address"),
        (r#""description":7"#, "description wrong-type"),
        (r#""description":"a\u0000b""#, "description control-characters"),
        (r#""minimum_age":900"#, "minimum_age out-of-range"),
        (r#""minimum_age":"young""#, "minimum_age wrong-type"),
        (r#""phones":{}"#, "phones wrong-type"),
        (r#""phones":[{"number":"none"}]"#, "phones[0].number not-a-phone"),
        (r#""phones":[{"number":null}]"#, "phones[0].number missing"),
        (r#""languages":[{"code":"Urdu language"}]"#, "languages[0].code not-a-language"),
        (r#""translations":{"arabic language":{"name":"x"}}"#, "translations not-a-language"),
        (r#""translations":{"ar":"x"}"#, "translations.ar wrong-type"),
        (r#""schedules":[{"opens_at":"late"}]"#, "schedules[0].opens_at not-a-time"),
        (r#""schedules":[{"freq":"OFTEN"}]"#, "schedules[0].freq not-in-list"),
        (r#""schedules":[{"byday":"MO,XX"}]"#, "schedules[0].byday not-a-recurrence"),
        (r#""schedules":[{"bymonthday":"32"}]"#, "schedules[0].bymonthday not-a-recurrence"),
        (
            r#""service_at_locations":[{"location":{"latitude":91,"longitude":0}}]"#,
            "service_at_locations[0].location.latitude out-of-range",
        ),
    ];
    for (members, expected) in cases {
        let parsed = read("service.json", service(members));
        assert_eq!(problems(&parsed), [format!("1 {expected}")], "{members}");
        assert_eq!(parsed.services.len(), 1, "{members}");
    }
}

#[test]
fn an_organization_with_problems_keeps_its_services() {
    let text = format!(r#"{{"contents":[{{"id":"o1","website":"https://example.org","services":[7,{MINIMAL}]}}]}}"#);
    let parsed = read("organization_list.json", text);
    assert_eq!(problems(&parsed), ["1 name missing", "1 description missing", "1 services[0] wrong-type"]);
    assert_eq!((parsed.services.len(), parsed.organizations), (1, 0));
    assert_eq!(parsed.services[0].organization_id, "o1");
}

#[test]
fn broken_sources_keep_what_came_before() {
    let cut = format!("[{MINIMAL},{{\"id\":\"s2\",\"na");
    let parsed = read("feed.json", cut);
    assert_eq!((parsed.services.len(), problems(&parsed)), (1, vec!["2  cut-short".to_owned()]));

    let parsed = read("feed.json", format!("[{MINIMAL} {MINIMAL}]"));
    assert_eq!((parsed.services.len(), problems(&parsed)), (1, vec!["2  not-json".to_owned()]));

    let parsed = read("feed.json", b"\x00\x01\xff\xfe");
    assert_eq!((parsed.services.len(), problems(&parsed)), (0, vec!["1  not-json".to_owned()]));

    let mut bytes = format!("[{},", service(r#""alert":"??""#).replace('?', "\u{fffe}")).into_bytes();
    bytes.extend(format!("{MINIMAL}]").replace("s1", "s2").replace("Legal", "L\0gal").bytes());
    let at = bytes.windows(3).position(|w| w == "\u{fffe}".as_bytes()).unwrap();
    bytes[at] = 0xff;
    let parsed = read("feed.json", bytes);
    assert_eq!(problems(&parsed), ["1 alert not-utf8", "2  not-json"], "a raw NUL is no JSON");
    assert_eq!(parsed.services.len(), 1);
}

#[test]
fn a_huge_field_is_cut_and_a_huge_record_refused() {
    let long = "я".repeat(10_000);
    let parsed = read("a.json", service(&format!(r#""description":"{long}""#)));
    assert_eq!(problems(&parsed), ["1 description too-long"]);
    assert_eq!(parsed.services[0].fields()["description"].len(), fields::limits::PROSE);

    let half = "я".repeat(2_900);
    let fields = ["description", "alert", "fees_description", "wait_time"];
    let members: Vec<String> = fields.iter().map(|field| format!(r#""{field}":"{half}""#)).collect();
    let parsed = read("a.json", service(&members.join(",")));
    assert_eq!((parsed.services.len(), problems(&parsed)), (0, vec!["1  too-large".to_owned()]));
}

#[test]
fn translations_layers_and_parts() {
    let parsed = read(
        "a.json",
        service(
            r#""language":"EN","translations":{"ar":{"name":"استشارة قانونية"},"uk":{"name":"Юридична консультація"}},
            "organization":{"id":"o1","name":"Bridge","translations":{"ar":{"name":"جسر"}}},
            "attributes":[{"id":"x","taxonomy_term":{"id":"t","name":"Layer 2","taxonomy":"iasc-mhpss-layers","code":"2"}},
                          {"id":"y","taxonomy_term":{"id":"u","name":"Law","taxonomy":"topics"}}],
            "schedules":[{"freq":"weekly","byday":"mo, WE","opens_at":"09:00:00","closes_at":"17:30"}],
            "service_at_locations":[{"id":"a","location":{"id":"l","location_type":"physical","name":"Hall",
                "latitude":"31.5","longitude":-0.25,"translations":{"uk":{"name":"Зала"}},
                "addresses":[{"city":"X","address_type":"postal"},{"city":"Tell","postal_code":4410,"address_type":"physical"}]}}]"#,
        ),
    );
    assert_eq!(problems(&parsed), Vec::<String>::new());
    let fields = parsed.services[0].fields();
    for (name, value) in [
        ("language", "en"),
        ("name@ar", "استشارة قانونية"),
        ("name@uk", "Юридична консультація"),
        ("organization@ar", "جسر"),
        ("layer", "2"),
        ("topics", "Law"),
        ("schedules", r#"[{"byday":"MO,WE","closes_at":"17:30","freq":"WEEKLY","opens_at":"09:00"}]"#),
        (
            "places",
            r#"[{"city":"Tell","id":"l","latitude_e6":31500000,"longitude_e6":-250000,"name":"Hall","name@uk":"Зала","postal_code":"4410","type":"physical"}]"#,
        ),
    ] {
        assert_eq!(fields[name], value);
    }
}

#[test]
fn a_folder_of_tables() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &[u8]| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "services.csv",
        "\u{feff}id;organization_id;name;name@ar;status;assured_date\r\n\
         s1;o1;Legal advice;استشارة;active;2026-05-01\r\n\
         s2;o9;Swimming;;active;May\r\n\
         s3;o1;;;active;\r\n"
            .as_bytes(),
    );
    write("organizations.csv", b"id,name,description\no1,Bridge,x\no2,,x\n");
    write("service_at_location.csv", b"id,service_id,location_id\na1,s1,l1\n");
    write("locations.csv", b"id,location_type,latitude,longitude\nl1,physical,1,500\n");
    write("phones.csv", b"id,service_id,location_id,number\np1,s1,,112\np2,,l1,+44 20 7946 0000\np3,s8,,113\n");
    write("datapackage.json", b"{}");
    write("notes.csv", b"whatever");

    let asked = folder.path().join("services.csv");
    for path in [folder.path(), &asked] {
        let parsed = read_path(path, &mut |_, _| true).unwrap();
        let mut named: Vec<String> =
            parsed.errors.iter().map(|e| format!("{} {} {} {}", e.file, e.row, e.field, e.problem)).collect();
        named.sort();
        assert_eq!(
            named,
            [
                "locations.csv 2 longitude out-of-range",
                "organizations.csv 3 name missing",
                "phones.csv 4 service_id unknown-reference",
                "services.csv 3 assured_date not-a-date",
                "services.csv 3 organization_id unknown-reference",
                "services.csv 4 name missing",
            ]
        );
        let [legal, swimming] = &parsed.services[..] else { panic!("two services") };
        assert_eq!((&*legal.fields()["name@ar"], &*legal.fields()["organization"]), ("استشارة", "Bridge"));
        assert_eq!(legal.fields()["phones"].matches("number").count(), 2);
        assert_eq!(swimming.organization_id, "o9");
    }
    assert_eq!(read_path(&folder.path().join("none"), &mut |_, _| true).unwrap_err(), ReadError::NotFound);
    assert_eq!(read_path(folder.path(), &mut |_, _| false).unwrap_err(), ReadError::Cancelled);
}

#[test]
fn tables_that_multiply_are_stopped() {
    let mut tables = String::from("{\"services.csv\":[{\"id\":\"s\",\"name\":\"n\",\"status\":\"active\"}]");
    let rows = |f: &dyn Fn(usize) -> String| (0..25).map(f).collect::<Vec<_>>().join(",");
    for (name, row) in [
        (
            "service_at_location",
            &(|n| format!(r#"{{"id":"{n}","service_id":"s","location_id":"l"}}"#)) as &dyn Fn(usize) -> String,
        ),
        ("locations", &|_| r#"{"id":"l","location_type":"physical"}"#.to_owned()),
        ("contacts", &|_| r#"{"id":"c","location_id":"l","name":"n"}"#.to_owned()),
        ("phones", &|_| r#"{"id":"p","contact_id":"c","location_id":"l","number":"112"}"#.to_owned()),
        ("languages", &|_| r#"{"id":"g","phone_id":"p","code":"uk"}"#.to_owned()),
    ] {
        tables.push_str(&format!(",\"{name}.csv\":[{}]", rows(row)));
    }
    let parsed = read("tabular.json", tables + "}");
    assert_eq!(parsed.services.len(), 1);
    assert!(parsed.errors.iter().any(|e| e.problem == Problem::TooMany && e.file == "tabular.json#services.csv"));
}

#[test]
fn the_same_source_gives_the_same_record() {
    let text =
        service(r#""translations":{"uk":{"name":"а"},"ar":{"name":"b"}},"phones":[{"type":"voice","number":"112"}]"#);
    let turned = r#"{"phones":[{"number":"112","type":"voice"}],"translations":{"ar":{"name":"b"},"uk":{"name":"а"}},
        "status":"active","name":"Legal advice","id":"s1"}"#;
    assert_eq!(read("a.json", text).services[0].fields(), read("b.json", turned).services[0].fields());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    /// Whatever the bytes, reading ends, and each service taken keeps the promises of a record.
    #[test]
    fn any_bytes(start in 0usize..400, end in 0usize..400, noise in proptest::collection::vec(proptest::num::u8::ANY, 0..60)) {
        let whole = format!(r#"{{"contents":[{},{}]}}"#, service(r#""phones":[{"number":"+44 20 7946 0000"}]"#), MINIMAL.replace("s1", "s2"));
        let (start, end) = (start.min(whole.len()), end.min(whole.len()));
        let bytes = [&whole.as_bytes()[..start], &noise, &whole.as_bytes()[end..]].concat();
        for name in ["feed.json", "services.csv"] {
            for service in read(name, &bytes).services {
                proptest::prop_assert!(!service.id.is_empty() && !service.fields().is_empty());
            }
        }
    }
}
