// Package text is what the other packages need to know of plain text: which bytes
// are none, where an offset is, what a reader sees, how a name becomes an address,
// which spellings are the same, and how a number takes its noun. It knows nothing of
// records.
//
//	line, column := text.Position(source, offset)
//	text.Visible("\x1b[31m")     // "[U+001B][31m"
//	text.Slug("Ünïque name")     // "unique-name"
//	text.Nearest("envrionment", []string{"environment", "service"})
package text
