package problem

import (
	"cmp"
	"slices"
)

// A Rule is the name of one kind of problem: what people read in brackets, write to
// switch it off, and look up in the guide. It never changes its meaning.
type Rule string

// About is what is known of a rule.
type About struct {
	Rule     Rule     `json:"rule"`
	Severity Severity `json:"severity"` // that its problems have
	Text     string   `json:"text"`     // one sentence: when it is reported
	Fix      bool     `json:"fix"`      // whether some of its problems can be mended by a program
}

// The rules about files.
var (
	NotRead       = rule("not-read", Error, "A file or folder cannot be read, so that it is left out.")
	Unreadable    = rule("unreadable", Error, "A file or folder is there, and the system does not let it be read: nothing is built.")
	StrayFile     = rule("stray-file", Warning, "A file lies among the records, and its name is not a record's.")
	TooDeep       = rule("too-deep", Warning, "A folder lies so deep below the records that it is not looked into.")
	SameID        = rule("same-id", Error, "Two records have the same ID; one of them is left out.")
	BadName       = rule("bad-name", Warning, "A record's name holds an impossible date.")
	LFSPointer    = rule("lfs-pointer", Error, "The file holds a pointer of Git LFS in place of the record, or the document.")
	BadEncoding   = rule("bad-encoding", Error, "A file holds bytes that are not text in UTF-8.")
	Conflict      = rule("merge-conflict", Error, "A merge conflict is not solved; the file is shown as source, and nothing is read from its text.")
	TooCostly     = rule("too-costly", Error, "A text would take too long to lay out, and is shown as source.")
	ReadingFailed = rule("reading-failed", Error, "This program fails on a text, which is shown as source.")
	NoRecords     = rule("no-records", Warning, "A source has no records yet.")
	Unlisted      = rule("unlisted-records", Warning, "The project has records that none of its sources lists.")
)

// The rules about facts: front matter, and what stands for it in the body.
var (
	BadFrontMatter   = rule("bad-front-matter", Error, "The front matter cannot be read as it is written.")
	UnknownKey       = rule("unknown-key", Warning, "A key of the front matter is not known, and is close to one that is.")
	RepeatedKey      = rule("repeated-key", Warning, "Two keys of the front matter mean the same.")
	BadValue         = rule("bad-value", Error, "A value of the front matter is not of the kind that its key wants.")
	BadTime          = rule("bad-time", Error, "A time in the front matter cannot be read.")
	UnclearTime      = rule("unclear-time", Warning, "A time in the body cannot be read.")
	AmbiguousTime    = rule("ambiguous-time", Warning, "A time fell into the hour in which clocks are changed.")
	UnknownStatus    = rule("unknown-status", Error, "The status in the front matter is no word that is known.")
	UnclearStatus    = rule("unclear-status", Warning, "The body tells an outcome in words that are not clear.")
	ConflictingFacts = rule("conflicting-facts", Warning, "A record tells one fact in two ways that differ.")
	EndInProgress    = rule("end-in-progress", Warning, "An end is written down, and the status is still in-progress.")
	EndBeforeStart   = rule("end-before-start", Warning, "The end is before the start.")
	NameAndDate      = rule("name-and-date", Warning, "The date of a record and the one in its file's name disagree.")
	FarAhead         = rule("far-ahead", Warning, "A deployment is planned for a day that is more than a year ahead.")
	NoStart          = rule("no-start", Error, "Nothing tells when the deployment was started.")
	LookAlike        = rule("look-alike", Warning, "A name holds characters that nobody can see, or tell from others.")
	ManyNames        = rule("many-names", Warning, "Records name so many services, people, tags or links that some are left out or have no page.")
	LongName         = rule("long-name", Warning, "A name or a title is so long that only its beginning is shown.")
	IncidentReport   = rule("incident-report", Warning, "A record is a report on an incident, says nothing of what was deployed, and is counted as a deployment.")
	UnknownRecord    = rule("unknown-record", Warning, "A record is named that does not exist.")
)

// The rules about steps and the checklist.
var (
	UnclearBox      = rule("unclear-box", Warning, "A box in front of a step is written in a way that is not known.")
	WideTable       = rule("wide-table", Warning, "A table has so many columns that its boxes are not read.")
	NoSteps         = rule("no-steps", Warning, "No step is found in the checklist.")
	MarkedChecklist = rule("marked-checklist", Warning, "A step of the checklist bears a result already.")
)

// The rules about text and its links.
var (
	DeadLink     = rule("dead-link", Warning, "A link or a picture leads to a file that is not there.")
	BarredLink   = rule("barred-link", Warning, "A link leads where the site cannot or must not link to.")
	RawHTML      = rule("raw-html", Warning, "HTML in a text is not among what is allowed, and is shown as text or left out.")
	OpenHTML     = rule("open-html", Warning, "An element of HTML is not closed.")
	LostCells    = rule("lost-cells", Warning, "A row of a table has more cells than the table has columns; the others are not shown.")
	PlainCode    = rule("plain-code", Warning, "A block of code is shown without colours.")
	ManyWarnings = rule("many-warnings", Warning, "A text has so many warnings that the rest is left out.")
	SamePage     = rule("same-page", Error, "A document is not shown, because its page cannot be told from another or cannot have its name.")
	NoPicture    = rule("no-picture", Warning, "A picture is not published.")
)

// The rules about the configuration, the theme and git.
var (
	BadSetting     = rule("bad-setting", Error, "A setting in deploysite.toml cannot be read as it is written.")
	UnknownSetting = rule("unknown-setting", Error, "A key in deploysite.toml is not known.")
	NothingThere   = rule("nothing-there", Error, "A setting names a file or folder that is not there, or not of its kind.")
	SourceInSource = rule("source-in-source", Warning, "A source lists sources of its own, which are not followed.")
	BadWords       = rule("bad-words", Error, "A theme's words cannot be read as they are written.")
	MissingWords   = rule("missing-words", Warning, "A language lacks words of the site, which are shown in English.")
	UnusedWord     = rule("unused-word", Warning, "A theme has a word that nothing names.")
	UnusedPart     = rule("unused-part", Warning, "A theme defines a part that no template names, or has a file or a folder that nothing reads.")
	BadTemplate    = rule("bad-template", Error, "A template of a theme fails, or a file of it cannot be read.")
	BuildFailed    = rule("build-failed", Error, "The site cannot be built.")
	NoTrail        = rule("no-trail", Warning, "Git tells nothing of some records, or not all.")
)

// The rules about an import.
var (
	NotImported = rule("not-imported", Error, "No record can be made of a deployment.")
	LeftOut     = rule("left-out", Warning, "A part of what is imported belongs to no deployment.")
	ImportDoubt = rule("import-doubt", Warning, "What is imported can be understood in more than one way.")
	Secret      = rule("secret", Warning, "A text holds what looks like a secret.")
)

// The rules that a check alone has: what is written can be read, and is odd.
var (
	OpenStep      = rule("open-step", Warning, "A deployment has ended, and a step of it was left open.")
	OpenNote      = rule("open-note", Warning, "A deployment has ended, and a note still holds its placeholder.")
	FutureDate    = rule("future-date", Warning, "A deployment that has ended lies in the future.")
	WrongYear     = rule("wrong-year", Warning, "A date lies before 2000, or just a year before the record was first committed.")
	LongDuration  = rule("long-duration", Warning, "A deployment took much longer than is usual.")
	UnknownPerson = rule("unknown-person", Warning, "A deployer is not in the list of people.")
	MissingFact   = rule("missing-fact", Warning, "A record lacks a fact that the team demands of each deployment.")
	Uncommitted   = rule("uncommitted", Warning, "A deployment has ended, and its record is not committed as it is.")
	ChangedLater  = rule("changed-later", Warning, "A record was changed after the deployment had ended.")
	DeadAnchor    = rule("dead-anchor", Warning, "A link leads to a place in a file that is not there, or a comment decides on a note that is not there.")
	UnknownRule   = rule("unknown-rule", Warning, "A comment switches a rule off that there is not.")
)

var rules []About

// mended are the rules of which some problems can be mended by a program.
var mended = []Rule{UnknownKey, UnclearBox}

func rule(name Rule, severity Severity, text string) Rule {
	rules = append(rules, About{Rule: name, Severity: severity, Text: text})
	return name
}

// Rules are all rules, sorted by name.
func Rules() []About {
	all := slices.SortedFunc(slices.Values(rules), func(a, b About) int { return cmp.Compare(a.Rule, b.Rule) })
	for i := range all {
		all[i].Fix = slices.Contains(mended, all[i].Rule)
	}
	return all
}

// RuleNames are the names of all rules, sorted.
func RuleNames() (names []string) {
	for _, about := range Rules() {
		names = append(names, string(about.Rule))
	}
	return names
}

// About is what is known of the rule, or nothing.
func (r Rule) About() (about About, ok bool) {
	i := slices.IndexFunc(rules, func(a About) bool { return a.Rule == r })
	if i < 0 {
		return About{}, false
	}
	about = rules[i]
	about.Fix = slices.Contains(mended, r)
	return about, true
}

// At is a problem of this kind at a place; line and column are 0 where unknown.
func (r Rule) At(file string, line, column int, message, hint string) Problem {
	about, _ := r.About()
	return Problem{File: file, Line: line, Column: column, Severity: about.Severity, Rule: r, Message: message, Hint: hint}
}

// In is a problem of this kind with a whole file.
func (r Rule) In(file, message, hint string) Problem { return r.At(file, 0, 0, message, hint) }
