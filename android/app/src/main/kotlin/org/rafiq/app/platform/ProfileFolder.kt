package org.rafiq.app.platform

import android.content.Context
import java.io.File

/**
 * Where the profile lies: beside the files that Android may back up. The store is encrypted under a key of this phone alone, so that a copy
 * would be of use to nobody, and what is shared comes back from those who share it.
 */
fun profileFolder(context: Context): File = File(context.noBackupFilesDir, "profile")
