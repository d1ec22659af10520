/** For how many days it is kept what comparisons have found: it has values of objects, and is easily found again. */
export const diffDays = 7;
