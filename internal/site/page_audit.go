package site

import (
	"context"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/audit"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// AuditPage says what can be audited here, and what not.
type AuditPage struct {
	Page
	Quarters []AuditedQuarter
	Earlier  string   // the command for the newest quarter that has no page; "" where all have one
	Require  []string // what the team demands
	Limits   []Definition
}

// AuditedQuarter is a quarter with a sample.
type AuditedQuarter struct {
	Link       template.HTML
	Population int
	Apart      int
}

// AuditSample is the sample of one quarter.
type AuditSample struct {
	Page
	Command  string // that draws the same
	Report   *audit.Report
	Items    []AuditedItem
	NoGit    bool // git failed, so nothing is said of the commits
	Quarters []Quarterly
}

// AuditedItem is one deployment of a sample.
type AuditedItem struct {
	E       *Entry
	Link    template.HTML
	Started When
	Ended   When
	Route   string
	Links   []template.HTML
	Facts   []ExtraFact
	By      string
	Agreed  string // who approved
	Other   bool   // who approved did not deploy
	Steps   string
	Commits []AuditedCommit
	Changes []AuditedChange
	Gaps    []string
}

// AuditedCommit is a commit of the record.
type AuditedCommit struct {
	Hash, Author, Signature string
	When                    When
}

// AuditedChange is a change after the deployment had ended.
type AuditedChange struct {
	AuditedCommit
	What string
	Diff string
}

const (
	auditFolder   = "audit/"
	auditQuarters = 8
	auditSample   = 25
)

// auditLimits are the questions that records cannot answer, by their words.
var auditLimits = []string{"unrecorded", "approval", "same-build", "tests", "access", "rewritten"}

func (s *pager) addAudit() {
	var quarters []Quarterly
	earlier := ""
	if len(s.Entries) > 0 {
		quarters = s.quarters()
	}
	if len(quarters) > auditQuarters {
		earlier = quarters[auditQuarters].auditCommand()
		quarters = quarters[:auditQuarters]
	}
	for i := range quarters {
		quarters[i].Page = auditFolder + strings.TrimPrefix(metricsQuarterPage(quarters[i].from), metricsFolder)
	}
	s.add(auditFolder, "audit", func() framed { return s.auditPage(quarters, earlier) })
	for i, q := range quarters {
		s.add(q.Page, "auditsample", func() framed {
			p := s.auditSample(q)
			p.Quarters = beside(quarters, i)
			return p
		})
	}
}

func (q Quarterly) audited() AuditOptions {
	from, to := q.from.Format(time.DateOnly), q.to.AddDate(0, 0, -1).Format(time.DateOnly)
	return AuditOptions{From: from, To: to, Seed: from + " " + to, Sample: auditSample}
}

// auditCommand draws the sample of the quarter.
func (q Quarterly) auditCommand() string {
	opt := q.audited()
	return fmt.Sprintf("deploysite audit --from %s --to %s", opt.From, opt.To)
}

func (s *pager) auditPage(quarters []Quarterly, earlier string) AuditPage {
	p := AuditPage{Page: s.page(auditFolder, s.words.T("audit.title"), "audit"), Earlier: earlier, Require: s.config.Audit.Require}
	for _, q := range quarters {
		r := &audit.Report{}
		s.population(q.audited(), r)
		p.Quarters = append(p.Quarters, AuditedQuarter{p.anchor("", q.Page, q.Name), r.Population, r.Apart})
	}
	for _, limit := range auditLimits {
		p.Limits = append(p.Limits, Definition{s.words.T("audit.limits." + limit), s.words.T("audit.instead." + limit)})
	}
	return p
}

func (s *pager) auditSample(q Quarterly) AuditSample {
	opt := q.audited()
	p := AuditSample{Page: s.page(q.Page, s.words.T("audit.quarter", "quarter", q.Name), "audit"), Command: q.auditCommand()}
	var err error
	if p.Report, err = s.Audit(context.Background(), opt); err != nil {
		p.Report, p.NoGit = &audit.Report{}, true
		return p
	}
	for _, it := range p.Report.Sample {
		p.Items = append(p.Items, p.item(it))
	}
	return p
}

func (p AuditSample) item(it *audit.Item) AuditedItem {
	e, w := p.site.byID[it.ID], p.site.words
	v := AuditedItem{E: e, Link: p.anchor("", e.Page(), e.Title.Value), Started: p.when(e.Started), Ended: p.when(e.Finished),
		Route: text.Join(" → ", text.Join(" ", w.Join(it.Services), e.Version.Value), w.Join(it.Environments)),
		By:    w.Join(it.Deployers), Agreed: w.Join(it.ApprovedBy), Other: it.FourEyes != nil && *it.FourEyes, Steps: e.DoneSteps()}
	for _, l := range e.Links {
		v.Links = append(v.Links, outsideLink(l.URL, l.Name))
	}
	for _, name := range slices.Concat(audit.Usual, p.Report.Require) {
		if (it.Facts[name] != "" || slices.Contains(audit.Usual, name)) && name != "approved_by" && !strings.HasPrefix(name, audit.LinkPrefix) && !slices.ContainsFunc(v.Facts, func(f ExtraFact) bool { return f.Name == name }) {
			v.Facts = append(v.Facts, ExtraFact{name, it.Facts[name]})
		}
	}
	for _, c := range it.Commits {
		v.Commits = append(v.Commits, p.commit(c.Hash, c.Author, c.Time, c.Signature))
	}
	for _, c := range it.Changes {
		v.Changes = append(v.Changes, AuditedChange{p.commit(c.Commit, c.Author, c.Time, ""), strings.Join(c.What, "; "), c.Diff})
	}
	for _, g := range it.Gaps {
		fact := g.Fact
		switch g.Kind {
		case audit.NoTrail:
			v.Gaps = append(v.Gaps, w.T("record."+g.Fact))
			continue
		case audit.ChangedLater, audit.WrongSigned:
			fact = text.First(fact, hashLength)
		}
		v.Gaps = append(v.Gaps, w.T("audit.gaps."+string(g.Kind), "fact", fact))
	}
	return v
}

func (p AuditSample) commit(hash, author, at string, signature audit.Signature) AuditedCommit {
	c := AuditedCommit{Hash: text.First(hash, hashLength), Author: author}
	if t, err := time.Parse(time.RFC3339, at); err == nil {
		c.When = p.when(records.Moment{Time: t})
	}
	if signature != "" {
		c.Signature = p.site.words.T("audit.signature." + string(signature))
	}
	return c
}
