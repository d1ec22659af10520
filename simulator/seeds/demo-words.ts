// Words from which the demo company is made.

export const firstNames = [
  'Amelia',
  'Ben',
  'Carla',
  'Daniel',
  'Elena',
  'Farid',
  'Grace',
  'Hannah',
  'Ivan',
  'Julia',
  'Kofi',
  'Laura',
  'Marcus',
  'Nadia',
  'Oscar',
  'Priya',
  'Quentin',
  'Rosa',
  'Samuel',
  'Tessa',
  'Umar',
  'Vera',
  'William',
  'Xenia',
  'Yusuf',
  'Zoe',
];

export const lastNames = [
  'Abbott',
  'Bianchi',
  'Carter',
  'Dubois',
  'Eriksen',
  'Fischer',
  'Garcia',
  'Hughes',
  'Ivanova',
  'Jensen',
  'Kowalski',
  'Lindqvist',
  'Martin',
  'Novak',
  'Okafor',
  'Patel',
  'Quinn',
  'Rossi',
  'Schmidt',
  'Tanaka',
  'Usman',
  'Vargas',
  'Walsh',
];

export const cities = [
  { name: 'Sydney', country: 'Australia' },
  { name: 'Berlin', country: 'Germany' },
  { name: 'Lisbon', country: 'Portugal' },
  { name: 'Toronto', country: 'Canada' },
  { name: 'Austin', country: 'United States' },
  { name: 'Bengaluru', country: 'India' },
];

export const departments = [
  'Engineering',
  'Finance',
  'Human Resources',
  'IT Operations',
  'Legal',
  'Marketing',
  'Sales',
  'Support',
];

export const laptopModels = [
  'ThinkPad X1 Carbon',
  'ThinkPad T14',
  'MacBook Air 13"',
  'MacBook Pro 16"',
  'Latitude 7440',
  'EliteBook 840',
  'Surface Laptop 6',
];

export const phoneModels = ['iPhone 15', 'iPhone 16', 'Pixel 9', 'Galaxy S24'];

export const monitorModels = ['UltraSharp 27', 'ProArt 32', 'ThinkVision P27h', 'Studio Display'];

export const serverModels = ['PowerEdge R760', 'ProLiant DL380', 'ThinkSystem SR650'];

export const serverRoles = ['web', 'db', 'cache', 'queue', 'build', 'search', 'mail', 'file'];

export const applications = [
  'Payroll',
  'Customer portal',
  'Expense reports',
  'Data warehouse',
  'Wiki',
  'Source control',
  'Time tracking',
  'Single sign-on',
  'Invoice archive',
  'Recruiting',
  'Chat',
  'Video meetings',
  'Ticket desk',
  'Order management',
  'Price engine',
  'Newsletter',
];

export const licences = [
  'Office suite',
  'Photo editor',
  'Diagram tool',
  'Database client',
  'Password manager',
  'Remote desktop',
];

export const vendors = [
  'Northwind Hardware',
  'Contoso Cloud',
  'Fabrikam Networks',
  'Blue Yonder Leasing',
  'Adventure Supplies',
];

export const commentTexts = [
  '<p>Battery was replaced under warranty.</p>',
  '<p>Handed over at the front desk, signed for.</p>',
  '<p>Please keep until the audit is over.</p>',
  '<p>Screen flickers on the left dock only.</p>',
  '<p>Moved to the new floor plan, see <strong>ITSM-12</strong>.</p>',
  '<p>Returned with charger &amp; bag.</p>',
];
