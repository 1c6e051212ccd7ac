package records

import "time"

// Options are a project's defaults for what a record leaves out. The zero value works.
type Options struct {
	Location *time.Location // for times without an offset; nil means UTC
	Service  string         // the service of records that name none
	Dir      string         // the records' folder: what lies in folders below it has them in its ID

	// Documents are files that are no records wherever they lie: the checklist, and that of the process.
	Documents []string

	// Hints are paragraphs and examples that the checklist has where records have notes,
	// see [HintsOf].
	// In a record they say nothing of the deployment.
	Hints map[string]bool

	checklist bool // a checklist: its status and dates are its own, not a deployment's
}
