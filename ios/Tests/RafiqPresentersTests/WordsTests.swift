import Foundation
import Testing

@testable import Phones
@testable import Rafiq
@testable import RafiqPresenters

extension Presenters {
    @MainActor @Suite struct WordsTests {
        @Test func everyWordIsThereInEveryLanguageAndNeedsNoValue() async throws {
            let tags = try Language.available().map(\.tag)
            #expect(tags.sorted() == ["ar", "en", "prs", "uk"])
            for tag in tags {
                let words = try await Words.of(tag)
                let spoken = try Language(tag).texts(Word.allCases.map { said($0.rawValue) })
                for (word, text) in zip(Word.allCases, spoken) {
                    #expect(!text.text.isEmpty && !text.fallback && text.language == tag, "\(tag) \(word)")
                    #expect(words[word] == text.text)
                }
            }
        }

        @Test func aRemarkStandsWhereAPersonHasNotReviewed() async throws {
            #expect(try await Words.of("en").remark == nil)
            #expect(try await Words.of("uk").remark == Language("uk").text("language-machine").text)
            let tigrinya = try await Words.of("ti")
            #expect(try tigrinya.remark == Language("en").text("language-fallback").text)
            let beside = await tigrinya.say { say in
                _ = say.text("app-save")
                return say.remark
            }
            #expect(beside == tigrinya.remark)
            #expect(try await Words.of("no tag at all")[.tabToday] == "Today", "a device may report anything")
            #expect(try await Words.of("prs").direction == .rightToLeft)
        }

        @Test func aScreenIsSaidInOneCall() async throws {
            let words = try await Words.of("uk")
            _ = await words.say { $0.text("app-save") }  // the remark is asked for once
            let before = callsToCore.now
            let (save, date) = await words.say { ($0.text("app-save"), $0.moment(startMs, "Europe/Vienna")) }
            #expect(callsToCore.now - before == 1)
            #expect(save == "Зберегти" && date.contains("22 листопада"), "\(date)")
        }

        @Test func anIdWithoutWordsDoesNotTakeTheRestOfTheScreenWithIt() async throws {
            let (known, unknown) = try await Words.of("en").say { ($0.text("app-save"), $0.text("step-from-a-model-of-tomorrow")) }
            #expect(known == "Save" && unknown == "This version of the app has no words for this yet.")
        }

        @Test func aDayIsTheOneOfThePersonsZoneAndCalendar() async throws {
            let days = try await Words.of("prs").say { $0.days(from: startMs + 15 * hourMs + hourMs / 2, zone: "Asia/Kabul") }
            #expect(days[0].day == "2026-11-23" && days.count == 28 && days[0].text.contains("قوس"), "\(days[0])")
            #expect(days[0].at(hour: 0, minute: 30) == startMs + 12 * hourMs)
            let spring = try await Words.of("en").say { $0.days(from: startMs, zone: "Europe/Vienna", count: 200) }
            let clocksGoForward = try spring.only { $0.day == "2027-03-28" }
            #expect(clocksGoForward.at(hour: 3, minute: 0) - clocksGoForward.at(hour: 1, minute: 0) == hourMs)
        }
    }
}
