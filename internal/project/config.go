package project

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// Config is what deploysite.toml says. The file is optional and so is every key
// in it; [Default] has the values of those left out. Paths are slash-separated
// and relative to the project's root.
//
//	title = "Deployments of the accounts team"
//	repository = "https://github.com/acme/accounts"
//	timezone = "Europe/Stockholm"
//
//	[[people]]
//	name = "Håkan Lindqvist"
//	aliases = ["hakan", "hlindqvist"]
//	email = "hakan@example.org"
type Config struct {
	// Title (title) is the site's name. Default: "Deployments".
	Title string

	// BaseURL (base_url) is where the site will be published, http or https,
	// kept without a slash at its end. Only the feed and the sitemap need it:
	// all links of the site are relative. Default: none.
	BaseURL string

	// Repository (repository) is the web address of the repository on its forge,
	// kept without ".git" and a slash at its end. Default: that of the git
	// remote "origin", which the caller asks for.
	Repository string

	// Forge (forge) is the kind of forge, which decides how links to commits and
	// files look. Default: guessed from the host of Repository, see [ForgeOf].
	Forge Forge

	// Branch (branch) is the branch that links to files go to. Default: the one
	// that is checked out, else "main".
	Branch string

	// Service (service) is the service of records that name none, and of new
	// ones. Default: none for records; deploystart takes the repository's name.
	Service string

	// Environment (environment) is the environment of new records. Records that
	// name none do not get it: unknown stays unknown. Default: none.
	Environment string

	// Location (timezone) is the zone, by its IANA name such as
	// "Europe/Stockholm", of times without an offset. Default: UTC.
	Location *time.Location

	// Output (output) is the folder the site goes to. It may lie outside the
	// project. Default: "public".
	Output string

	// Theme (theme) is the name of a folder in themes/. Default: "default", which
	// is built in.
	Theme string

	// Records (records) is the folder with the records. Default:
	// "deployments/checklists".
	Records string

	// Template (template) is the checklist that a record starts from. Default:
	// "docs/deployment-checklist.md".
	Template string

	// Process (process) is the document that describes the process. Default:
	// "docs/deployment-process.md".
	Process string

	// Documents (documents) is a folder of the project whose Markdown files, in
	// folders below it too, become pages of the site. Default: none.
	Documents string

	// Language (language) is the language of the records and the site as a BCP 47
	// tag such as "en" or "pt-BR". Default: "en".
	Language string

	// Production (production) lists the environments that count as production in
	// the metrics. Case does not matter. Default: "production", "prod" and "live",
	// with which names for it in the languages of notes count, see
	// [records.NamesProduction].
	Production []string

	// Reading (reading) is the onboarding reading list, in order: record IDs. It
	// comes before the records that put themselves on the list. Default: none.
	Reading []string

	// Briefing (briefing) lets deploystart show what earlier deployments left for
	// the one that starts. Default: true.
	Briefing bool

	// Search ([search]) is the full-text search.
	Search Search

	// Metrics ([metrics]) is how deployments are counted.
	Metrics Metrics

	// Audit ([audit]) is what a team demands of a deployment's record.
	Audit Audit

	// Check ([check]) is what is reported as a problem.
	Check Check

	// Secrets ([secrets]) says what is no secret.
	Secrets Secrets

	// People ([[people]]) joins the names that one person is known by.
	People []Person

	// Sources ([[source]]) are the folders whose records make up the site, where
	// those are several. Default: the project itself is the only one.
	Sources []Source

	keys keyPositions // in the file
}

// Warning is a problem with the value of a key that shows later, such as a record
// that does not exist. Its place is that of the key.
func (c Config) Warning(rule problem.Rule, key, message, hint string) problem.Problem {
	at := c.keys.at(key)
	return rule.At(ConfigName, at.line, at.column, message, hint)
}

// Mistake is an error about a key whose value names something that is not there, or
// not as it must be. It is placed at the key, in the project's own deploysite.toml or
// in the one that lists it as a source.
func (p *Project) Mistake(key, message, hint string) problem.List {
	file, line, column := p.Place(key)
	return problem.List{problem.NothingThere.At(file, line, column, message, hint)}
}

// Place is where a key of the configuration stands; the line is 0 where it does not.
func (p *Project) Place(key string) (file string, line, column int) {
	file, at := p.Shown(ConfigName), p.Config.keys.at(key)
	if named, ok := p.Source.at[key]; ok {
		file, at = ConfigName, named
	}
	return file, at.line, at.column
}

// Names reports whether a deploysite.toml has a key, so that its value is not the
// default.
func (p *Project) Names(key string) bool {
	_, source := p.Source.at[key]
	return source || p.Config.Names(key)
}

// Names reports whether the file of the configuration has a key.
func (c Config) Names(key string) bool { return c.keys.at(key) != position{} }

// Default is the configuration of a project without deploysite.toml.
func Default() Config {
	return Config{
		Title:      "Deployments",
		Location:   time.UTC,
		Output:     "public",
		Theme:      "default",
		Records:    "deployments/checklists",
		Template:   "docs/deployment-checklist.md",
		Process:    "docs/deployment-process.md",
		Language:   "en",
		Production: slices.Clone(production),
		Briefing:   true,
		Search:     Search{Enabled: true},
		Metrics:    Metrics{Hotfix: []string{"hotfix"}, Week: Monday},
	}
}

// Audit says which facts a team demands of each deployment; package audit has their
// names.
//
//	[audit]
//	require = ["links.change", "approved_by"]
//	from = "2026-10-01"
type Audit struct {
	// Require (require) are the facts. Default: none.
	Require []string

	// From (from) is the day from which on a check asks for them: records of
	// deployments that began earlier are let be. Such as "2026-10-01". Default: "", so
	// a check asks of all.
	From string
}

// Search says how the site is searched.
//
//	[search]
//	stemming = "none"
type Search struct {
	// Enabled (enabled) gives the site a search page and its index. Default: true.
	Enabled bool

	// Stemming (stemming) finds words in their other forms, "deployed" by
	// "deployment". Default: English where Language is, else none.
	Stemming Stemming
}

// Metrics says how deployments are counted. Which environments count is
// [Config.Production].
//
//	[metrics]
//	hotfix = ["hotfix", "emergency"]
//	week = "sunday"
type Metrics struct {
	// Hotfix (hotfix) lists the tags of deployments that repair something. Case does
	// not matter. Default: "hotfix".
	Hotfix []string

	// Week (week) is the day that a week begins with. Default: Monday.
	Week Weekday
}

// Weekday is a day of the week.
type Weekday string

// Weekdays lists the days, in Go's order.
var Weekdays = []Weekday{"sunday", Monday, "tuesday", "wednesday", "thursday", "friday", "saturday"}

// Monday is the day that a week begins with in ISO 8601.
const Monday Weekday = "monday"

// Go is the day as Go names it.
func (d Weekday) Go() time.Weekday { return time.Weekday(max(0, slices.Index(Weekdays, d))) }

// IsHotfix reports whether a tag says that a deployment repairs something.
func (c Config) IsHotfix(tag string) bool {
	return slices.ContainsFunc(c.Metrics.Hotfix, func(name string) bool { return text.Same(name, tag) })
}

// Check says what is reported as a problem, by a check as by a build.
//
//	[check]
//	off = ["open-step"]
type Check struct {
	// Off (off) lists rules that are switched off. Default: none.
	Off []problem.Rule
}

// Secrets says which texts are no secrets, although they look like some.
//
//	[secrets]
//	allow = ["3f0c9a1be274:password"]
type Secrets struct {
	// Allow (allow) lists their fingerprints, which the warnings name. Default: none.
	Allow []string
}

// Stemming is the language whose forms of words the search knows.
type Stemming string

// The languages.
const (
	DefaultStemming Stemming = ""
	EnglishStemming Stemming = "english"
	NoStemming      Stemming = "none"
)

// Stemming is [Search.Stemming], or else the one that goes with the site's language.
func (c Config) Stemming() Stemming {
	if c.Search.Stemming != DefaultStemming {
		return c.Search.Stemming
	}
	if language, _, _ := strings.Cut(strings.ToLower(c.Language), "-"); language == "en" {
		return EnglishStemming
	}
	return NoStemming
}

var production = []string{"production", "prod", "live"}

// IsProduction reports whether an environment counts as production.
func (c Config) IsProduction(environment string) bool {
	return slices.ContainsFunc(c.Production, func(name string) bool { return text.Same(name, environment) }) ||
		slices.Equal(c.Production, production) && records.NamesProduction(environment)
}

// Forge is a kind of web front end for git.
type Forge string

// The forges whose links are known.
const (
	UnknownForge Forge = ""
	GitHub       Forge = "github"
	GitLab       Forge = "gitlab"
	Forgejo      Forge = "forgejo"
	Gitea        Forge = "gitea"
	Bitbucket    Forge = "bitbucket"
)

// Forges lists the forges that the configuration may name.
var Forges = []Forge{GitHub, GitLab, Forgejo, Gitea, Bitbucket}

// ForgeOf guesses the forge from a repository's web address: the host that the
// forge itself runs, or a host named after it such as "gitlab.example.org".
func ForgeOf(repository string) Forge {
	u, err := url.Parse(repository)
	if err != nil {
		return UnknownForge
	}
	host := strings.ToLower(u.Hostname())
	if host == "codeberg.org" {
		return Forgejo
	}
	for label := range strings.SplitSeq(host, ".") {
		if forge := Forge(label); slices.Contains(Forges, forge) {
			return forge
		}
	}
	return UnknownForge
}
