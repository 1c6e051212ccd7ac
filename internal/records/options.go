package records

import "time"

// Options is what a project knows and a record may leave out. The zero value works.
type Options struct {
	Location *time.Location // for times without an offset; nil means UTC
	Service  string         // the service of records that name none
	Dir      string         // the records' folder: what lies in folders below it has them in its ID

	checklist bool // it is one, and what it says of status and dates is about itself
}
