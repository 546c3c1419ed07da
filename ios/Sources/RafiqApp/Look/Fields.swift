import RafiqPresenters
import SwiftUI

/// A line (or several) to write, under its label.
struct Field: View {
    private let label: String
    private let about: String?
    private let lines: Int
    private let kind: Kind
    @Binding private var text: String
    private let submit: @MainActor () -> Void

    /// What is written: the keyboard helps accordingly, and learns nothing from `address`, `copied` and `secret`. What is `copied` is Latin
    /// letters and blanks, as they stand on paper, whatever script the person's own keyboard has.
    enum Kind { case words, name, address, copied, secret }

    init(
        _ label: String, text: Binding<String>, about: String? = nil, lines: Int = 1, kind: Kind = .words,
        submit: @escaping @MainActor () -> Void = {}
    ) {
        self.label = label
        self.about = about
        self.lines = lines
        self.kind = kind
        _text = text
        self.submit = submit
    }

    var body: some View {
        VStack(alignment: .leading, spacing: Space.small) {
            Text(label).font(.strong).accessibilityHidden(true)  // the field says it
            field
                .padding(Space.middle)
                .frame(minHeight: Space.touch)
                .background(Color.card, in: .softened)
                .overlay { RoundedRectangle.softened.stroke(Color.line) }
                .onSubmit(submit)
            if let about { Text(about).font(.small).foregroundStyle(Color.softInk) }
        }
    }

    @ViewBuilder private var field: some View {
        switch kind {
        case .secret:
            SecureField(label, text: $text, prompt: Text(verbatim: "")).privacySensitive()
        case .address:
            open.autocorrectionDisabled().textInputAutocapitalization(.never).environment(\.layoutDirection, .leftToRight)
        case .copied:
            open.keyboardType(.asciiCapable).autocorrectionDisabled().textInputAutocapitalization(.never)
                .environment(\.layoutDirection, .leftToRight)
        case .name: open.autocorrectionDisabled().textInputAutocapitalization(.words)
        case .words: open
        }
    }

    @ViewBuilder private var open: some View {
        if lines == 1 {
            TextField(label, text: $text, prompt: Text(verbatim: ""))
        } else {
            TextField(label, text: $text, prompt: Text(verbatim: ""), axis: .vertical).lineLimit(lines...(lines * 4))
        }
    }
}

/// When something takes place: a day in the person's own calendar, and a time.
struct MomentField: View {
    private let days: [DayChoice]
    @Binding private var day: String
    @Binding private var time: Date
    @Environment(\.labels) private var labels

    /// `day` is the ISO day of one of `days`; of `time` only hours and minutes count.
    init(days: [DayChoice], day: Binding<String>, time: Binding<Date>) {
        self.days = days
        _day = day
        _time = time
    }

    var body: some View {
        VStack(alignment: .leading, spacing: Space.middle) {
            VStack(alignment: .leading, spacing: Space.small) {
                Text(labels[.day]).font(.strong).accessibilityHidden(true)
                Picker(labels[.day], selection: $day) {
                    ForEach(days, id: \.day) { choice in Text(choice.text).tag(choice.day) }
                }
                .pickerStyle(.menu)
                .tint(.deepTeal)
                .frame(minHeight: Space.touch)
            }
            DatePicker(labels[.time], selection: $time, displayedComponents: .hourAndMinute)
                .frame(minHeight: Space.touch)
                .tint(.deepTeal)
        }
        .onAppear { if day.isEmpty, let first = days.first { day = first.day } }
    }
}

/// A moment on its way: what ``MomentField`` edits.
struct DraftMoment {
    var day = ""
    var time = DraftMoment.noon

    /// Unix ms, once a day is chosen.
    func startsAtMs(of days: [DayChoice]) -> Int64? {
        let parts = Calendar.current.dateComponents([.hour, .minute], from: time)
        return days.first { $0.day == day }?.at(hour: parts.hour ?? 12, minute: parts.minute ?? 0)
    }

    private static var noon: Date { Calendar.current.date(bySettingHour: 12, minute: 0, second: 0, of: Date()) ?? Date() }
}

/// Something to add that is rarely wanted: a button that opens what is to be filled in, and closes it again.
struct Foldout<Content: View>: View {
    private let text: String
    private let pictogram: Pictogram
    private let content: (@escaping @MainActor () -> Void) -> Content
    @State private var open = false
    @Environment(\.labels) private var labels

    /// `content` is given what closes it.
    init(
        _ text: String, _ pictogram: Pictogram = .add, @ViewBuilder content: @escaping (@escaping @MainActor () -> Void) -> Content
    ) {
        self.text = text
        self.pictogram = pictogram
        self.content = content
    }

    var body: some View {
        if open {
            VStack(alignment: .leading, spacing: Space.middle) {
                HStack(alignment: .top) {
                    Text(text).font(.part).padding(.vertical, Space.small).accessibilityAddTraits(.isHeader)
                    Spacer(minLength: 0)
                    PictogramButton(.close, labels[.close]) { open = false }
                }
                content { open = false }
            }
        } else {
            SideButton(text, pictogram) { open = true }
        }
    }
}
