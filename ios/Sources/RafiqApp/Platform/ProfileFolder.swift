import Foundation

/// Where the profile lies.
enum ProfileFolder {
    /// Application Support, excluded from every backup: the store is encrypted under a key of this phone alone, so that a copy would be
    /// of use to nobody, and what is shared comes back from those who share it.
    static func prepared() -> URL {
        var folder = FileManager.default.urls(for: .applicationSupportDirectory, in: .userDomainMask)[0]
            .appendingPathComponent("Rafiq", isDirectory: true)
        var values = URLResourceValues()
        values.isExcludedFromBackup = true
        // What fails here fails again, with its sentence, when the profile is opened in this folder.
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try? folder.setResourceValues(values)
        return folder
    }
}
