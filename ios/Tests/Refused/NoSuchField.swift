// Must not compile: a view that shows what its presenter does not have. The stage `ios` sees to it that the compiler says so, and that
// it says nothing else.

import RafiqPresenters
import SwiftUI

struct NoSuchField: View {
    let presenter: TodayPresenter

    var body: some View {
        if case .content(let content) = presenter.state { Text(content.tomorrow) }
    }
}
