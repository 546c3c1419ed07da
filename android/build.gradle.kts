plugins {
    alias(libs.plugins.android.application) apply false
    alias(libs.plugins.android.library) apply false
    // AGP compiles Kotlin by itself, with a plugin older than our compiler; being named here, ours takes that one's place.
    alias(libs.plugins.kotlin.jvm) apply false
}
