import Rafiq
import Testing

@testable import RafiqPresenters

extension Presenters {
    @MainActor @Suite struct NavigatorTests {
        @Test func placesLieOnTopOfTabsAndTheWayBackEndsAtToday() {
            let start = Navigator()
            #expect(start.current == .today && !start.canGoBack && start.back() == start)
            let pairing = Place.pairing(id: PairingId(value: "1"))
            let there = start.open(.together).open(pairing).open(.invite(space: "1"))
            #expect(there.current == .invite(space: "1") && there.tab == .together)
            #expect(there.back().current == pairing)
            #expect(there.open(pairing) == there.back(), "a place that is open is gone back to")
            let tab = there.back().back()
            #expect(tab.current == .together && tab.canGoBack && tab.back() == start)
            #expect(there.open(.search) == start.open(.search), "a tab replaces everything")
            #expect(Navigator.tabs == [.today, .checkIn, .together, .search])
        }
    }
}
