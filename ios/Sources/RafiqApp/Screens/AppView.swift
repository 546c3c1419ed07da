import Foundation
import Rafiq
import RafiqPresenters
import SwiftUI

/// The whole app: whatever it is at now, in the person's words.
struct AppView: View {
    let app: AppPresenter
    /// Kept while the profile is open: whoever chooses another language stays where that was chosen.
    @State private var navigator = Navigator()

    var body: some View {
        switch app.state {
        case .content(let content): shown(content).speaking(content.words)
        case .failed(let sentence, let canRetry): failed(sentence, canRetry)
        case .loading, .empty, .locked: Color.paper
        }
    }

    /// Nothing is known of the person's language then, so the button speaks the phone's.
    @ViewBuilder private func failed(_ sentence: String, _ canRetry: Bool) -> some View {
        if canRetry, let language = try? Language(Locale.preferredLanguages.first ?? "en") {
            StateView(UiState<String>.failed(sentence: sentence, canRetry: true), title: "", again: { app.on(.start) }) { Text($0) }
                .speaking(Words(language: language))
        } else {
            Page("") { Quiet(sentence, pictogram: .alert) }
        }
    }

    @ViewBuilder private func shown(_ content: AppContent) -> some View {
        switch content.at {
        case .setUp:
            Held({ SetUpPresenter(app: app) }) { SetUpScreen(presenter: $0) }
                .onAppear { navigator = Navigator() }
        case .locked:
            Held({ UnlockPresenter(app: app) }) { UnlockScreen(presenter: $0) }
                .onAppear { navigator = Navigator() }
        case .open(let session): SessionView(session: session, navigator: $navigator).id(ObjectIdentifier(session))
        case .damaged, .keyLost, .newerVersion, .inUse: TroubleScreen(app: app, content: content)
        }
    }
}

/// An open profile: the screen of the place where the person is, and the tabs below it.
struct SessionView: View {
    let session: Session
    @Binding var navigator: Navigator

    var body: some View {
        VStack(spacing: 0) {
            PlaceView(session: session, place: navigator.current).id(navigator.current)
            if Navigator.tabs.contains(navigator.current) {
                TabBar(current: navigator.current) { navigator = navigator.open($0) }
            }
        }
        .background(Color.paper)
        .environment(\.way, way)
    }

    private var way: Way {
        let isTab = Navigator.tabs.contains(navigator.current)
        let back: @MainActor @Sendable () -> Void = { navigator = navigator.back() }
        return Way(open: { navigator = navigator.open($0) }, back: isTab ? nil : back)
    }
}

/// The screen of a place.
struct PlaceView: View {
    let session: Session
    let place: Place

    var body: some View {
        switch place {
        case .today:
            Held({ TodayPresenter(session: session) }) { TodayScreen(presenter: $0) }
        case .checkIn:
            Held({ CheckInPresenter(session: session) }) { CheckInScreen(presenter: $0) }
        case .checkIns:
            Held({ CheckInsPresenter(session: session) }) { CheckInsScreen(presenter: $0) }
        case .together:
            Held({ TogetherPresenter(session: session) }) { TogetherScreen(presenter: $0) }
        case .pairing(let id):
            Held({ PairingPresenter(session: session, id: id) }) { PairingScreen(presenter: $0, space: id.value) }
        case .group(let id):
            Held({ GroupPresenter(session: session, id: id) }) { GroupScreen(presenter: $0, space: id.value) }
        case .attendance(let id):
            Held({ AttendancePresenter(session: session, id: id) }) { AttendanceScreen(presenter: $0) }
        case .search:
            Held({ SearchPresenter(session: session) }) { SearchScreen(presenter: $0) }
        case .service(let space, let id):
            Held({ ServicePresenter(session: session, space: space, id: id) }) { ServiceScreen(presenter: $0) }
        case .invite(let space):
            Held({ InvitePresenter(session: session, space: space) }) { InviteScreen(presenter: $0) }
        case .join:
            Held({ JoinPresenter(session: session) }) { JoinScreen(presenter: $0) }
        case .sync:
            Held({ SyncPresenter(session: session) }) { SyncScreen(presenter: $0) }
        case .profile:
            Held({ ProfilePresenter(session: session) }) { ProfileScreen(presenter: $0) }
        case .kit:
            Held({ KitPresenter(session: session) }) { KitScreen(presenter: $0) }
        }
    }
}

/// The four tabs. With very large letters they stand two by two, so that no word is cut.
struct TabBar: View {
    let current: Place
    let open: @MainActor (Place) -> Void
    @Environment(\.dynamicTypeSize) private var letters
    @Environment(\.labels) private var labels

    var body: some View {
        VStack(spacing: 0) {
            Rectangle().fill(Color.hairline).frame(height: 1).accessibilityHidden(true)
            if letters.isAccessibilitySize {
                HStack(spacing: 0) { ForEach(Array(tabs.prefix(2)), id: \.place, content: tab) }
                HStack(spacing: 0) { ForEach(Array(tabs.suffix(2)), id: \.place, content: tab) }
            } else {
                HStack(alignment: .top, spacing: 0) { ForEach(tabs, id: \.place, content: tab) }
            }
        }
        .frame(maxWidth: .infinity)
        .background(Color.card)
    }

    private struct Tab {
        let place: Place
        let pictogram: Pictogram
        let word: Word
    }

    private var tabs: [Tab] {
        [
            Tab(place: .today, pictogram: .today, word: .tabToday), Tab(place: .checkIn, pictogram: .checkIn, word: .tabCheckIn),
            Tab(place: .together, pictogram: .together, word: .tabTogether),
            Tab(place: .search, pictogram: .directory, word: .tabDirectory),
        ]
    }

    private func tab(_ tab: Tab) -> some View {
        let isHere = tab.place == current
        return Button {
            open(tab.place)
        } label: {
            VStack(spacing: Space.tiny) {
                PictogramView(tab.pictogram)
                    .padding(.horizontal, Space.middle)
                    .padding(.vertical, Space.tiny)
                    .background(isHere ? Color.paleTeal : Color.clear, in: Capsule())
                Text(labels[tab.word]).font(.small).multilineTextAlignment(.center)
            }
            .padding(.vertical, Space.small)
            .frame(maxWidth: .infinity, minHeight: Space.touch)
            .foregroundStyle(isHere ? Color.deepTeal : Color.softInk)
            .contentShape(Rectangle())
        }
        .buttonStyle(.pressed)
        .accessibilityElement(children: .combine)
        .accessibilityAddTraits(isHere ? .isSelected : [])
    }
}
