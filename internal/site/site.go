// Package site turns a project's records into a static site.
//
// Data takes four hops, each in its own files:
//
//	file  —records.Parse→  Record       (package records)
//	Record  —pages→  page struct        (load.go reads, join.go joins, page_*.go fill one typed struct a page)
//	page struct  —render→  Output       (theme.go, with the templates of package themes)
//	Output  —publish→  folder           (package publish)
//
// A loader reads the records and drops each tree as soon as its HTML is made, so that
// ten thousand records fit into memory. A Site is the joined history. A pager makes
// its pages.
//
//	s, err := site.Load(ctx, p, site.Options{Now: time.Now()})
//	if err != nil { … }
//	defer s.Close()
//	out, err := s.Output()
//	for _, f := range out.Files { … f.Render(buffer) … }
package site

import (
	"time"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/search"
	"github.com/deploysite/deploysite/internal/words"
)

// Options is what a build knows besides the project. The zero value works,
// except that Now must be set for anything to be called unfinished.
type Options struct {
	Now     time.Time // the clock; its day shows on the site, its hour in what has begun
	BaseURL string    // overrides the configuration's base_url
	Version string    // of this tool, for the footer
	Anew    bool      // OpenSearch does not read the index of the built site
	Live    bool      // for a server: the search index is made later (Output.Later), and the site may be a Former
	Former  *Site     // an earlier site of the project, still open; its unchanged entries are reused; may be nil

	Progress func(done int) // called after each record that was read, never twice at once; may be nil
}

// Site is a whole history, with its people, services and so on, and its references.
type Site struct {
	project *project.Project
	config  project.Config
	theme   *theme
	words   *words.Words // its own, in the language of the site
	spool   *spool
	options Options
	today   time.Time

	sources  []*source
	home     *source  // the project itself, which has the documents; it need not be one of the sources
	Entries  []*Entry // newest first
	Terms    map[*facet.Facet][]*Term
	Notes    []*NoteView // newest first
	Ledger   []*Account  // what the notes tell, those with the newest notes first
	Docs     *Doc        // the root of the documents, nil where there are none
	Reviews  []*Review   // of quarters, the oldest first
	Problems []problem.Problem

	index    *search.Builder                // nil where search is off
	search   func() (*search.Output, error) // what index makes of it, once; nil where search is off
	manifest string                         // the path of the file that names the others of the index
	sections []search.Page                  // of process, checklist and documents

	byID        map[string]*Entry
	failedSteps map[sourceStep][]*Entry // the records in which a step failed, newest first

	themeSum string // of the project's themes
}

// Now is the clock of [Options], in the site's zone.
func (s *Site) Now() time.Time { return s.options.Now }

// Close removes what the site holds outside of memory. None of its files can be
// rendered afterwards.
func (s *Site) Close() error { return s.spool.close() }
