// Package text works on plain text: it finds bytes that are not text, finds lines and
// columns, makes invisible characters visible, makes slugs of names, compares
// spellings, shortens, and puts numbers and nouns together. It knows nothing about
// records.
//
//	line, column := text.Position(source, offset)
//	text.Visible("\x1b[31m")     // "[U+001B][31m"
//	text.Slug("Ünïque name")     // "unique-name"
//	text.Nearest("envrionment", []string{"environment", "service"})
package text
