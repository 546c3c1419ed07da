import Foundation
import Testing

@testable import Phones
@testable import Rafiq
@testable import RafiqPresenters

/// Looking for a service, and reading about it.
extension Presenters {
    @MainActor @Suite struct DirectoryTests {
        let folder: Folder

        init() throws { folder = try Folder() }

        private func importSample(_ phone: Phone) async throws -> String {
            let directory = try phone.session.rafiq.directory
            let space = try await directory.found(name: "Port Alder", services: 30).space
            #expect(try await directory.importPath(space: space, path: sampleDirectory.path).services == 28)
            return space
        }

        @Test func noDirectoryThenOneToBrowseAndToSearch() async throws {
            let phone = Phone(folder["profile"])
            try await phone.setUp("Amina", "en")
            let search = try SearchPresenter(session: phone.session)
            #expect(try await search.known().empty == "There is no directory here yet. You can join one with an invitation.")
            _ = try await importSample(phone)
            let browsed = try await search.content { $0.hits.count > 0 && $0.directories[0].services.plain == "28 services" }
            #expect(try browsed.directories.only().name.plain == "Port Alder" && browsed.count == nil)
            #expect(browsed.hits.count == 25 && browsed.hasMore)
            let more = try await search.does(.more)
            #expect(more.hits.count == 28 && !more.hasMore)
            #expect(Set(more.hits.compactMap(\.closed)) == ["Closed for now", "No longer open"])
            let found = try await search.does(.search(text: "dent"))
            #expect(found.query == "dent" && found.hits.first?.name.plain == "Dental care without insurance")
            #expect(found.hits[0].freshness.hasPrefix("Checked on ") && !found.searching, "\(found.hits[0])")
            func service(_ row: HitRow?) async throws -> ServiceContent {
                guard case .service(let space, let id) = row?.leadsTo else { throw Unexpected("\(String(describing: row))") }
                return try await ServicePresenter(session: phone.session, space: space, id: id).content()
            }
            let paused = try await service(found.hits.first)
            #expect(paused.closed == "Closed for now" && paused.alert == "Closed while the rooms are repaired.")
            #expect(paused.main == nil && !paused.phones.isEmpty, "nobody is led to call where it is closed")
            let open = try await service(more.hits.first { $0.closed == nil })
            #expect(open.main == open.phones.first { !$0.dial.isEmpty })
            #expect(try await search.does(.search(text: "xyzzy")).count == "Nothing was found. Try another word.")
            let all = try await search.does(.search(text: " "))
            #expect(all.count == nil && all.hits.count == 25)
            #expect(try await search.does(.refresh).hits.count == 25)
            #expect(try await search.does(.dismiss).notice == nil)
            await phone.close()
        }

        @Test func newerWordsCancelOlderOnes() async throws {
            let pauses = Pauses()
            let phone = Phone(folder["profile"], pause: { await pauses.pause($0) })
            try await phone.setUp("Amina", "en")
            _ = try await importSample(phone)
            let search = try SearchPresenter(session: phone.session)
            _ = try await search.content()
            let before = callsToCore.now
            let tasks = ["d", "de", "dent"].map { search.on(.search(text: $0)) }
            while await pauses.waited.count < 3 { try await Task.sleep(for: .milliseconds(3)) }
            let typed = try await search.content()
            #expect(typed.query == "dent" && typed.searching)
            #expect(callsToCore.now == before, "nothing is looked for while somebody types")
            await pauses.end()
            for task in tasks { await task.value }
            let found = try await search.content()
            #expect(found.query == "dent" && found.hits.first?.name.plain == "Dental care without insurance")
            #expect(callsToCore.now - before == 3, "one list, one search, one call for the words")
            #expect(await pauses.waited == [150, 150, 150])
            await phone.close()
        }

        @Test func aServiceInOnesOwnLanguageOrSayingThatItIsNot() async throws {
            let phone = Phone(folder["profile"])
            try await phone.setUp("آمنه", "ar")
            let space = try await importSample(phone)
            let search = try SearchPresenter(session: phone.session)
            _ = try await search.content { !$0.hits.isEmpty }
            guard case .service(let directory, let id) = try await search.does(.search(text: "clinic")).hits.first?.leadsTo else {
                throw Unexpected("\(search.state)")
            }
            let service = try ServicePresenter(session: phone.session, space: directory, id: id)
            let shown = try await service.content()
            #expect(shown.descriptionRemark == nil && shown.phones[0].number.plain == "0808 157 0131")
            #expect(
                shown.phones[0].call.contains("\u{2066}0808 157 0131\u{2069}") && shown.phones[0].dial == "08081570131",
                "\(shown.phones)")
            #expect(shown.hours[0].plain == "الاثنين: 08:00 – 18:00" && shown.hours.count == 5)
            #expect(!shown.places.isEmpty && !shown.sections.isEmpty && !shown.languages.isEmpty && shown.reports.count == 3)
            let told = try await service.does(.report(kind: .wrongNumber, note: "رقم آخر"))
            let thanks = try await phone.session.words.say { $0.text("directory-report-thanks") }
            #expect(told.notice == thanks)
            let tooLong = try await service.does(.report(kind: .other, note: String(repeating: "x", count: 501)))
            #expect(tooLong.notice != nil && tooLong.notice != told.notice)
            #expect(try await service.does(.dismiss).notice == nil)
            #expect(try await service.does(.refresh).name == shown.name)

            await (try ProfilePresenter(session: phone.session)).on(.chooseLanguage(tag: "prs")).value
            var remarks: Set<String?> = []
            for hit in try await phone.session.rafiq.directory.browse(space: space, limit: 100).items {
                remarks.insert(
                    try await ServicePresenter(session: phone.session, space: space, id: hit.id).content().descriptionRemark)
            }
            #expect(remarks == [nil, "هنوز به زبان شما نیست."], "some are in Dari, some are not")
            let nowhere = try await ServicePresenter(session: phone.session, space: space, id: "nowhere").known()
            #expect(nowhere == .failed(sentence: "این دیگر اینجا نیست. شاید جابه‌جا یا پاک شده باشد.", canRetry: false))
            await phone.close()
        }
    }
}

/// Pauses that end when they are told to.
private actor Pauses {
    private(set) var waited: [Int64] = []
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func pause(_ ms: Int64) async {
        waited.append(ms)
        await withCheckedContinuation { waiting.append($0) }
    }

    func end() {
        waiting.forEach { $0.resume() }
        waiting = []
    }
}
