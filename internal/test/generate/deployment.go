package generate

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// deployment is what a record is about, before a word of it is written.
type deployment struct {
	rng    *rand.Rand // continues where the facts ended, for the text
	status string
	start  time.Time // local time of the deployer
	finish time.Time // zero while in progress

	person      person
	service     string
	environment string
	version     string
	commit      string // 40 hexadecimal digits
	tags        []string
	change      int    // number of the change request
	rollbackOf  string // ID of the deployment that this one undoes, or ""
	checklist   []section
}

// outcomes and their share in percent.
var outcomes = []share{
	{"succeeded", 88}, {"failed", 6}, {"rolled-back", 4}, {"cancelled", 1}, {"in-progress", 1},
}

var environments = []share{{"production", 60}, {"staging", 30}, {"development", 10}}

type share struct {
	name    string
	percent int
}

// A history is what all records of one project have in common.
type history struct {
	seed      uint64
	n         int
	service   string // the only one; "" draws among all
	checklist []section
}

// shop is a history of all services with the usual checklist.
func shop(seed uint64, n int) history { return history{seed: seed, n: n, checklist: checklist} }

func newDeployment(seed uint64, i, n int) *deployment { return shop(seed, n).deployment(i) }

func (h history) deployment(i int) *deployment {
	d := h.facts(i)
	d.rollbackOf = h.undoes(d, i)
	return d
}

func facts(seed uint64, i, n int) *deployment { return shop(seed, n).facts(i) }

// facts draws everything that does not depend on other records.
func (h history) facts(i int) *deployment {
	rng := rand.New(rand.NewPCG(h.seed, uint64(i)))
	d := &deployment{rng: rng, checklist: h.checklist}
	d.person = people[skewed(rng, len(people))]
	d.start = startOf(rng, i, h.n, d.person.offset)
	d.service = services[skewed(rng, len(services))]
	if h.service != "" {
		d.service = h.service
	}
	d.environment = draw(rng, environments)
	d.status = draw(rng, outcomes)
	d.version = fmt.Sprintf("v%d.%d.%d", d.start.Year()-2020, d.start.YearDay()/7, rng.IntN(12))
	d.commit = fmt.Sprintf("%016x%016x%08x", rng.Uint64(), rng.Uint64(), rng.Uint32())
	d.change = 1000 + i
	for _, t := range rng.Perm(len(tags))[:rng.IntN(4)] {
		d.tags = append(d.tags, tags[t])
	}
	if d.status != "in-progress" {
		d.finish = d.start.Add(time.Duration(9*60+rng.ExpFloat64()*35*60) * time.Second)
	}
	return d
}

// undoes looks for a recent failure of the same service that d, a success, may
// have been the rollback of.
func (h history) undoes(d *deployment, i int) string {
	const recent = 40
	if d.status != "succeeded" {
		return ""
	}
	for j := i - 1; j >= max(0, i-recent); j-- {
		earlier := h.facts(j)
		if earlier.service == d.service && earlier.environment == d.environment {
			if earlier.status == "failed" {
				return earlier.id()
			}
			return ""
		}
	}
	return ""
}

func (d *deployment) id() string { return d.start.Format("2006-01-02-15-04") }

func (d *deployment) title() string {
	return d.service + " " + d.version + " to " + d.environment
}

// The working hours that histories take place in: Monday to Friday, 8 to 18.
const (
	weeks          = 261
	daysOfWeek     = 5
	minutesOfDay   = 10 * 60
	workingMinutes = weeks * daysOfWeek * minutesOfDay
)

// MaxRecords is how many working minutes five years have; each record starts in
// a minute of its own.
const MaxRecords = workingMinutes

// startOf deals the working minutes out to n records evenly and draws one of
// those of record i, so that names are unique and sorted for any n.
func startOf(rng *rand.Rand, i, n, offset int) time.Time {
	first, next := i*workingMinutes/n, (i+1)*workingMinutes/n
	minute := first + rng.IntN(next-first)
	day, minute := minute/minutesOfDay, minute%minutesOfDay
	zone := time.FixedZone("", offset*60)
	return time.Date(2021, time.November, 22+day/daysOfWeek*7+day%daysOfWeek, 8, minute, rng.IntN(60), 0, zone)
}

// skewed draws an index below n; small ones come more often, as some people and
// services deploy more than others.
func skewed(rng *rand.Rand, n int) int {
	u := rng.Float64()
	return int(u * u * float64(n))
}

// draw picks a name according to the shares, which add up to 100.
func draw(rng *rand.Rand, shares []share) string {
	percent := rng.IntN(100)
	for _, s := range shares {
		if percent -= s.percent; percent < 0 {
			return s.name
		}
	}
	return shares[len(shares)-1].name
}
