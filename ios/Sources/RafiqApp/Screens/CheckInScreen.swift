import Rafiq
import RafiqPresenters
import SwiftUI

/// A check-in: a face, what would help, whether somebody shall get in touch. Three taps.
struct CheckInScreen: View {
    let presenter: CheckInPresenter
    @State private var note = ""
    @Environment(\.way) private var way
    @Environment(\.labels) private var labels

    var body: some View {
        StateView(presenter.state, title: labels[.tabCheckIn], again: { presenter.on(.dismiss) }) { content in
            Page(
                content.question, remark: content.remark, notice: content.notice, dismiss: { presenter.on(.dismiss) },
                stepBack: content.step == .help || content.step == .contact ? { presenter.on(.back) } : nil
            ) {
                switch content.step {
                case .feeling: feelings(content)
                case .help: helps(content)
                case .contact: contact(content)
                case .kept: kept(content)
                }
            } main: {
                switch content.step {
                case .feeling: EmptyView()
                case .help: MainButton(labels[.next]) { presenter.on(.next) }
                case .contact: MainButton(labels[.save]) { presenter.on(.save) }
                case .kept: MainButton(labels[.checkInAgain], action: again)
                }
            }
            .id(content.step)  // each step begins at its top
        }
    }

    @ViewBuilder private func feelings(_ content: CheckInContent) -> some View {
        ForEach(content.faces, id: \.value) { face in
            Button {
                presenter.on(.chooseFeeling(value: face.value))
            } label: {
                HStack(spacing: Space.large) {
                    Face(face.value, large: true)
                    Text(face.text).font(face.chosen ? .strong : .words).multilineTextAlignment(.leading)
                    Spacer(minLength: 0)
                }
                .padding(Space.middle)
                .background(face.chosen ? Color.paleTeal : Color.card, in: .rounded)
                .overlay {
                    RoundedRectangle.rounded.stroke(face.chosen ? Color.deepTeal : Color.line, lineWidth: face.chosen ? 2 : 1)
                }
                .contentShape(.rounded)
            }
            .buttonStyle(.pressed)
            .accessibilityLabel(face.description)
            .accessibilityAddTraits(face.chosen ? .isSelected : [])
        }
        SideButton(labels[.checkInsTitle]) { way?.open(.checkIns) }
    }

    @ViewBuilder private func helps(_ content: CheckInContent) -> some View {
        Text(labels[.chooseSeveral]).font(.small).foregroundStyle(Color.softInk)
        ChoiceList(content.helps, ticked: true, pictogram: pictogram) { presenter.on(.toggleHelp(help: $0)) }
    }

    /// What can be told without reading is.
    private func pictogram(_ help: HelpKind) -> Pictogram? {
        switch help {
        case .emotional: .heart
        case .practical: .bag
        case .companionship: .together
        case .information: .directory
        }
    }

    @ViewBuilder private func contact(_ content: CheckInContent) -> some View {
        ChoiceList(content.contacts) { presenter.on(.chooseContact(wish: $0)) }
        ChoiceList(content.shares, under: content.shareQuestion) { presenter.on(.chooseShare(share: $0)) }
        Field(content.noteQuestion, text: $note, lines: 3)
            .onAppear { note = content.note }
            .onChange(of: note) { _, new in presenter.on(.writeNote(note: new)) }
    }

    @ViewBuilder private func kept(_ content: CheckInContent) -> some View {
        if let danger = content.danger {
            Card(.urgent) { Text(danger) }
        }
        if let kept = content.kept {
            Card { Quiet(kept, pictogram: .done) }.onAppear { announce(kept) }
        }
        SideButton(labels[.checkInsTitle]) { way?.open(.checkIns) }
    }

    private func again() {
        note = ""
        presenter.on(.again)
    }
}

#if DEBUG
struct CheckInScreenPreviews: PreviewProvider {
    static var previews: some View { everyWall { PreviewApp(.place(.checkIn), in: $0) } }
}
#endif
