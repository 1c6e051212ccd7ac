// Package render turns the tree of a Markdown file into HTML that is safe to put
// into a page.
//
//	b := render.NewBody(render.NewHighlighter(), words)
//	html, err := b.Document(record, render.Place{Page: "records/2024-08-31-14-30/", Links: links, Warn: warn})
//
// Writers of records are not trusted. Raw HTML goes through an allow-list
// (rawhtml.go), links lead only to http, https, mailto and files of the project
// (links.go), every id carries a prefix that no id of a page has, and code gets its
// colours within a deadline (code.go).
package render
