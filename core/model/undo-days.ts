/** For how many days before-images are kept where no setting says it: so long a restore can be undone. */
export const defaultUndoDays = 90;
