import Foundation
import Rafiq

func firstDay(folder: URL, vault: any KeyVault, show: ([CheckIn]) -> Void) async throws {
    let rafiq = try await Rafiq(folder: folder, vault: vault)
    let me = try await rafiq.people.setMe(NewMe(name: "آمنه", language: "prs"))
    _ = try await rafiq.checkIns.record(NewCheckIn(feeling: .good, contact: .no, share: .private))  // on disk when this returns

    let language = try Language(me.language)
    do {
        _ = try await rafiq.exchange()  // with every relay of this profile
    } catch let error as RafiqError {
        print(try language.errorText(error).text)  // every error has a sentence in every language
    }
    for try await checkIns in rafiq.watch({ try await $0.checkIns.list(filter: CheckInFilter(), limit: 20).items }) {
        show(checkIns)  // now, and after every change, whoever made it
    }
}
