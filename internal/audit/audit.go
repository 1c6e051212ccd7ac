// Package audit tells an auditor, for each deployment, which evidence records and git
// hold and which is missing. It touches no disk; package site asks git.
//
// A team names the facts that each deployment must have:
//
//	approved_by    a key of the front matter, by its name or an alias
//	links.change   a link of this name
//	four-eyes      somebody approved it who did not deploy it
//	signed         the newest commit of the record has a signature
package audit

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// The facts that are more than a key of the front matter.
const (
	FourEyes   = "four-eyes"
	Signed     = "signed"
	LinkPrefix = "links."
)

// Usual are the facts that a report shows besides those that a team demands.
var Usual = []string{"reason", "risk", "tests"}

// Report is a sample of deployments, and what they were drawn from.
type Report struct {
	From       string   `json:"from"` // the first and the last day, "" without
	To         string   `json:"to"`
	Seed       string   `json:"seed"`
	Population int      `json:"population"` // deployments to production that began in this time
	Apart      int      `json:"apart"`      // deployments without an environment, which are not in it
	Require    []string `json:"require"`    // what the team demands
	Sample     []*Item  `json:"sample"`     // in the order of their start
}

// Item is what is known of one deployment. What is not known is null, or empty.
type Item struct {
	ID           string            `json:"id"`
	File         string            `json:"file"`
	Title        string            `json:"title"`
	Status       string            `json:"status"`
	Started      *string           `json:"started"`  // RFC 3339, or a day
	Finished     *string           `json:"finished"` // RFC 3339, or a day
	Services     []string          `json:"services"`
	Environments []string          `json:"environments"`
	Version      *string           `json:"version"`
	Commit       *string           `json:"commit"` // what was deployed, as the record says
	Links        map[string]string `json:"links"`  // the request and others: name → address
	Facts        map[string]string `json:"facts"`  // reason, risk, tests and what is demanded
	Deployers    []string          `json:"deployers"`
	ApprovedBy   []string          `json:"approved_by"` // as the record claims
	FourEyes     *bool             `json:"four_eyes"`   // somebody else approved than deployed; null where nobody is named
	Steps        string            `json:"steps"`       // "24 of 26 done"
	Commits      []Commit          `json:"commits"`     // of the record, oldest first
	Changes      []Change          `json:"changes"`     // after it was finished
	Gaps         []Gap             `json:"gaps"`

	began time.Time
}

// Commit is one that changed the record.
type Commit struct {
	Hash      string    `json:"hash"`
	Author    string    `json:"author"`
	Time      string    `json:"time"`
	Subject   string    `json:"subject"`
	Signature Signature `json:"signature"`
}

// Signature is what is known of a commit's.
type Signature string

// The signatures. A machine without the signer's key cannot tell a good one from a bad
// one; that is not the same as none.
const (
	NoSignature   Signature = "none"
	GoodSignature Signature = "good"
	BadSignature  Signature = "bad"
	Expired       Signature = "expired" // good when it was made; the key or the signature is not valid any more
	Revoked       Signature = "revoked"
	Unchecked     Signature = "cannot-tell" // there is one, and the key is not here, or nobody looked
)

// Change is a change of a record after the deployment had ended.
type Change struct {
	Commit string   `json:"commit"`
	Author string   `json:"author"`
	Time   string   `json:"time"`
	What   []string `json:"what"` // what is different in words; nil where only other text is
	Diff   string   `json:"diff"` // lines taken away and added
}

// Gap is something that an auditor would ask about.
type Gap struct {
	Kind Kind   `json:"kind"`
	Fact string `json:"fact"` // what is demanded, the commit, or why git tells nothing; "" where the kind says all
}

// Kind is a kind of [Gap].
type Kind string

// The kinds.
const (
	Demanded     Kind = "demanded"      // a fact that the team demands is not in the record
	NoOutcome    Kind = "no-outcome"    // nobody wrote how it ended
	InProgress   Kind = "in-progress"   // the record says that it has not ended
	NoStart      Kind = "no-start"      // nothing tells when it began
	NoEnd        Kind = "no-end"        // nothing tells when it ended
	NoDeployer   Kind = "no-deployer"   // nobody is named who deployed
	SamePerson   Kind = "same-person"   // who approved it is who deployed it
	NoTrail      Kind = "no-trail"      // git tells nothing of the record, or not all
	NotCommitted Kind = "not-committed" // the record is in no commit
	Differs      Kind = "differs"       // the record is not as it is committed
	WrongSigned  Kind = "wrong-signed"  // the signature of a commit is bad, or its key was revoked
	ChangedLater Kind = "changed-later" // it was changed after the deployment had ended
)

// Draw chooses n of the items, the same for the same seed whatever their order: those
// with the smallest SHA-256 of the seed, a line feed and the ID.
func Draw[T any](all []T, id func(T) string, seed string, n int) []T {
	type ticket struct {
		item T
		rank [sha256.Size]byte
	}
	tickets := make([]ticket, len(all))
	for i, item := range all {
		tickets[i] = ticket{item, sha256.Sum256([]byte(seed + "\n" + id(item)))}
	}
	slices.SortFunc(tickets, func(a, b ticket) int { return slices.Compare(a.rank[:], b.rank[:]) })
	var drawn []T
	for _, t := range tickets[:min(n, len(tickets))] {
		drawn = append(drawn, t.item)
	}
	return drawn
}

// A Deployment is what an item is made of.
type Deployment struct {
	*records.Record
	Shown     string              // the file, as people find it
	Person    func(string) string // the name by which the site lists a person
	Done      int                 // steps that are done
	Steps     int
	Commits   []Commit // oldest first
	Trail     string   // why git tells nothing of it, or not all; "" where it does
	Committed bool
	Differs   bool // the file is not as it is committed
	Changes   []Change
}

// Of gathers what is known of a deployment, and what is not.
func Of(d Deployment, require []string) *Item {
	it := &Item{began: d.Started.Time, ID: d.ID, File: d.Shown, Title: d.Title.Value, Status: string(d.Status), Started: known(d.Started.ISO()), Finished: known(d.Finished.ISO()),
		Services: some(records.Values(d.Services)), Environments: some(records.Values(d.Environments)), Version: known(d.Version.Value), Commit: known(d.Record.Commit.Value),
		Links: map[string]string{}, Facts: map[string]string{}, Deployers: people(d, d.Deployers), ApprovedBy: people(d, d.ApprovedBy),
		Commits: append([]Commit{}, d.Commits...), Changes: append([]Change{}, d.Changes...), Gaps: []Gap{}}
	if d.Steps > 0 {
		it.Steps = fmt.Sprintf("%d of %d done", d.Done, d.Steps)
	}
	for _, l := range d.Links {
		it.Links[l.Name] = l.URL
	}
	for _, name := range slices.Concat(Usual, require) {
		if value := Value(d.Record, name); value != "" {
			it.Facts[name] = value
		}
	}
	if len(it.ApprovedBy) > 0 && len(it.Deployers) > 0 {
		other := slices.ContainsFunc(it.ApprovedBy, func(name string) bool { return !isAmong(name, it.Deployers) })
		it.FourEyes = &other
	}
	it.findGaps(d, require)
	return it
}

func (it *Item) findGaps(d Deployment, require []string) {
	gap := func(is bool, kind Kind, fact string) {
		if is {
			it.Gaps = append(it.Gaps, Gap{kind, fact})
		}
	}
	for _, fact := range Missing(d.Record, d.Person, require) {
		gap(true, Demanded, fact)
	}
	gap(slices.Contains(require, Signed) && !it.isSigned(), Demanded, Signed)
	running := d.Status == records.InProgress && d.StatusFrom != records.FromSteps // what no record says is no more than a guess
	gap(d.Status == "" || d.Status == records.InProgress && !running, NoOutcome, "")
	gap(running, InProgress, "")
	gap(it.Started == nil, NoStart, "")
	gap(it.Finished == nil && !running, NoEnd, "")
	gap(len(it.Deployers) == 0, NoDeployer, "")
	gap(it.FourEyes != nil && !*it.FourEyes && !slices.Contains(require, FourEyes), SamePerson, "")
	gap(d.Trail != "", NoTrail, d.Trail)
	gap(d.Trail == "" && !d.Committed, NotCommitted, "")
	gap(d.Differs, Differs, "")
	for _, c := range d.Commits {
		gap(c.Signature == BadSignature || c.Signature == Revoked, WrongSigned, c.Hash)
	}
	for _, c := range d.Changes {
		gap(true, ChangedLater, c.Commit)
	}
}

func (it *Item) isSigned() bool {
	if len(it.Commits) == 0 {
		return false
	}
	s := it.Commits[len(it.Commits)-1].Signature
	return s == GoodSignature || s == Unchecked || s == Expired
}

// Missing are the facts that a team demands and a record does not have, but for
// [Signed], which git knows.
func Missing(r *records.Record, person func(string) string, require []string) (missing []string) {
	for _, fact := range require {
		switch {
		case fact == Signed:
		case fact == FourEyes:
			if !slices.ContainsFunc(r.ApprovedBy, func(by records.Text) bool { return !isAmong(person(by.Value), names(r.Deployers, person)) }) {
				missing = append(missing, fact)
			}
		case Value(r, fact) == "":
			missing = append(missing, fact)
		}
	}
	return missing
}

// Meant is the fact that was probably meant by one that has no meaning here, "" where a
// team may well have a key of that name.
func Meant(fact string) string {
	known := slices.Concat([]string{FourEyes, Signed}, Usual, records.Keys())
	name, isLink := strings.CutPrefix(strings.ReplaceAll(fact, "_", "-"), LinkPrefix)
	if isLink || slices.ContainsFunc(known, func(k string) bool { return strings.ReplaceAll(k, "_", "-") == strings.ToLower(name) }) {
		return ""
	}
	return text.Nearest(fact, known)
}

// Value is what a record says of a fact, "" where it says nothing.
func Value(r *records.Record, fact string) string {
	if name, ok := strings.CutPrefix(fact, LinkPrefix); ok {
		for _, l := range r.Links {
			if text.Same(l.Name, name) {
				return l.URL
			}
		}
		return ""
	}
	return r.Fact(fact)
}

// Rank orders items by their start, the oldest first.
func Rank(a, b *Item) int {
	return cmp.Or(a.began.Compare(b.began), records.CompareIDs(a.ID, b.ID))
}

func known(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func names(all []records.Text, person func(string) string) []string {
	found := []string{}
	for _, name := range all {
		if name := person(name.Value); name != "" && !isAmong(name, found) {
			found = append(found, name)
		}
	}
	return found
}

func people(d Deployment, all []records.Text) []string { return names(all, d.Person) }

func isAmong(name string, all []string) bool {
	return slices.ContainsFunc(all, func(other string) bool { return text.Same(name, other) })
}

func some(all []string) []string { return append([]string{}, all...) }

// Time is a moment as reports write it.
func Time(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format(time.RFC3339)
}
