package site

import (
	"cmp"
	"fmt"
	"slices"

	"golang.org/x/text/language"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// join connects records with people, services and so on, and with each other.
func (l *loader) join() {
	l.joinReferences()
	l.joinNotes()
	for _, e := range l.Entries {
		for _, f := range e.failed { // each key once: see sumSteps
			step := sourceStep{e.source, f.key}
			l.failedSteps[step] = append(l.failedSteps[step], e)
		}
	}
}

func (l *loader) joinTerms() {
	terms := termIndex{}
	for _, f := range facet.Lists {
		terms[f] = map[string]*Term{}
	}
	for _, e := range l.Entries {
		e.Unfinished, e.OverSomehow = insights.Unfinished(e.Record, l.options.Now), insights.IsOverSomehow(e.Record, l.options.Now)
		e.Planned = e.IsPlanned(l.options.Now)
		e.terms = make([][]*Term, len(facet.All))
		for _, f := range facet.Lists {
			e.terms[f.Number] = terms.add(f, e)
		}
		l.Notes = append(l.Notes, e.Notes...)
	}
	l.Terms = terms.sorted(language.Make(l.config.Language))
	for _, f := range facet.Lists {
		l.choosePaged(f)
	}
	l.joinSources()
}

// joinSources makes each source a term if there are several, even one without records.
func (l *loader) joinSources() {
	if !l.several() {
		return
	}
	for _, src := range l.sources {
		t := &Term{Facet: facet.Source, Spelling: text.Spelling{Name: src.name}, Slug: src.name, Entries: src.entries, source: src}
		for _, e := range src.entries {
			e.terms[facet.Source.Number] = []*Term{t}
		}
		l.Terms[facet.Source] = append(l.Terms[facet.Source], t)
	}
	slices.SortFunc(l.Terms[facet.Source], func(a, b *Term) int { return cmp.Compare(a.Name, b.Name) })
	for i, t := range l.Terms[facet.Source] {
		t.place = i
	}
}

// joinReferences follows links between records, rollback_of and fixes.
func (l *loader) joinReferences() {
	for _, e := range l.Entries {
		for _, id := range e.links {
			other := l.byID[id]
			if other == nil || other == e {
				continue
			}
			e.RefersTo = append(e.RefersTo, other)
			other.ReferredBy = append(other.ReferredBy, e)
		}
		if e.Undoes = l.named(e, "rollback_of", e.RollbackOf, e.undoesAt); e.Undoes != nil {
			e.Undoes.UndoneBy = e
		}
		if e.Repairs = l.named(e, "fixes", e.Fixes, e.fixesAt); e.Repairs != nil {
			e.Repairs.RepairedBy = e
		}
	}
}

// placeReferences keeps where the keys stand that name other records: later the file is
// not at hand.
func (e *reading) placeReferences() {
	for _, r := range []struct {
		id records.Text
		at *[2]int
	}{{e.RollbackOf, &e.undoesAt}, {e.Fixes, &e.fixesAt}} {
		if !r.id.IsZero() {
			r.at[0], r.at[1] = e.Position(r.id.Span)
		}
	}
}

// named is the record that a key of another one names, nil where there is none.
func (l *loader) named(e *Entry, key string, id records.Text, at [2]int) *Entry {
	if id.IsZero() {
		return nil
	}
	other := l.resolve(e.source, id.Value)
	if other == nil && !l.check.names(e.source, e.File, id.Value) {
		l.report(e.source, problem.UnknownRecord.At(e.File, at[0], at[1], fmt.Sprintf("%s names %q, and there is no such record", key, id.Value), l.howToName()))
	}
	return other
}

// howToName is a hint: how one record names another.
func (l *loader) howToName() string {
	hint := "name a record by its file's name without “-deployment.md”"
	if l.several() {
		hint += ", and one of another source by that source's name, a slash and its file's name"
	}
	return hint
}

// joinNotes finds what became of the notes, those of the newest records first.
func (l *loader) joinNotes() {
	for _, src := range l.sources {
		l.joinLedger(src)
	}
	if l.several() {
		slices.SortStableFunc(l.Ledger, func(a, b *Account) int { return newestFirst(a.Newest().Entry, b.Newest().Entry) })
	}
}
