// The pages that are there, one line each. A section whose page is missing is not shown.
