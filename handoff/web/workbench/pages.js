// The pages that are there, one line each. A section whose page is missing is not shown.
import './pages/queue.js';
import './pages/agreement.js';
import './pages/topics.js';
import './pages/data.js';
import './pages/changes.js';
import './pages/talks.js';
import './pages/articles.js';
import './pages/runs.js';
import './pages/models.js';
import './pages/history.js';
