/**
 * For how many days it is kept what drills leave: reports, and samples, which hold values of objects. By then the next drill has removed what
 * a killed one left on its site.
 */
export const drillDays = 90;
