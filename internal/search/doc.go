// Package search makes the index of a history, reads it, and ranks.
//
// A [Builder] collects texts, from several goroutines at once, and builds an
// [Output]: small files that a browser loads as scripts when it needs them. An
// [Index] reads the same files. So does search-engine.js of the theme, which
// ranks alike to the last digit: what is changed here must be changed there.
//
//	b := search.NewBuilder(search.Options{Stemming: true})
//	var text search.Text
//	text.Begin(search.Issue, "issue-lock-timeout")
//	b.Add(&text, []byte("The migration met a lock timeout. Fixed by ending the session."))
//
//	out := b.Build([]search.Record{{ID: "2024-08-31-14-30", Title: "scores-api v2.3.0", Text: &text}}, nil)
//	for _, f := range out.Files { … f.Path, f.Data() … }
//
//	ix, err := out.Open()
//	r, err := ix.Search(ctx, search.Query{Text: `lock tiemout -staging`})
//	seen, err := ix.Similar(ctx, "ERROR: canceling statement due to lock timeout (pid 4711)", 5)
//
// From a word that somebody typed to a result it takes these steps, each in its
// own file: the query is taken apart (query.go) into words (tokens.go, fold.go);
// each finds the terms it stands for (groups.go, stem.go, near.go, phrase.go)
// and their postings (postings.go, index.go); documents are scored (search.go),
// filtered (filter.go), and shown (result.go, print.go).
//
// It is not a search for large texts: what a browser loads for one word grows
// with the number of documents that have it.
package search
